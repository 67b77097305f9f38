import { z } from 'zod';
import { manifestSchema, rangeSchema } from './models.ts';
import { networkSchema } from './network.ts';

/** Models that others offer, and what of them is published (resources/models/catalogue.json). */

const httpsSchema = z.url({ protocol: /^https$/, error: 'an address that begins with https://' });

/** What is known of how a network is fed and read; what is missing, its graph has to say. */
const conventionsSchema = networkSchema.partial().extend({
  dtype: z.enum(['uint8', 'float32']).optional(),
  /** Of the samples that it takes and gives. */
  range: rangeSchema.optional(),
});

export const catalogueEntrySchema = z.strictObject({
  id: manifestSchema.shape.id,
  title: z.string().min(1),
  description: z.string().min(1),
  task: z.enum(['upscale', 'restore']),
  scale: manifestSchema.shape.scale,
  /** SPDX identifier, and where its text can be read. */
  licence: z.strictObject({ id: z.string().min(1), text: httpsSchema }),
  author: z.string().min(1),
  /** Where the model is described. */
  home: httpsSchema,
  /** The ONNX file itself. */
  address: httpsSchema,
  /** Its size and SHA-256. */
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Who publishes them. */
  figures: z.string().min(1),
  conventions: conventionsSchema,
});

export const catalogueSchema = z
  .strictObject({ formatVersion: z.literal(1), models: z.array(catalogueEntrySchema) })
  .refine(({ models }) => new Set(models.map(({ id }) => id)).size === models.length, 'every id only once');

export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;
