import { z } from 'zod';
import { catalogueEntrySchema } from '../catalogue.ts';
import { errorDataSchema } from './error.ts';

/** How far a download is. */
export const downloadSchema = z.object({
  /** Of the catalogue's model. */
  id: z.string(),
  state: z.enum(['downloading', 'checking', 'done', 'failed', 'cancelled']),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  /** Why it failed. What has arrived is kept where the next download can go on with it. */
  error: errorDataSchema.optional(),
});

/** A model that can be downloaded: the page shows its licence before it asks for it. */
const offeredModelSchema = catalogueEntrySchema.omit({ conventions: true }).extend({
  /** `partial`: a download was broken off, and goes on where it was. `here`: it is installed. */
  state: z.enum(['absent', 'partial', 'downloading', 'here']),
  /** Of the file, so far. */
  bytesDone: z.number(),
});

export const offeredModelsSchema = z.object({
  /** Why nothing can be downloaded, in words; null where it can. */
  offline: z.string().nullable(),
  models: z.array(offeredModelSchema),
});

export const downloadRequestSchema = z.object({
  id: z.string().max(200),
  /** That the user has seen the licence and accepts it; false is answered with `licence-not-accepted`. */
  licenceAccepted: z.boolean(),
});

export const downloadCancelSchema = z.object({
  id: z.string().max(200),
  /** Whether what has arrived stays, for the next download to go on with. */
  keep: z.boolean(),
});

export type Download = z.infer<typeof downloadSchema>;
export type OfferedModel = z.infer<typeof offeredModelSchema>;
export type OfferedModels = z.infer<typeof offeredModelsSchema>;
