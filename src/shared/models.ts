import { z } from 'zod';

/**
 * The manifest beside a model's weights (docs/model-format.md). An entry is one ONNX file: the same
 * weights behind another kind of input.
 */
const entrySchema = z.strictObject({
  dtype: z.enum(['uint8', 'float32']),
  range: z.tuple([z.number(), z.number()]),
  file: z.string().regex(/^[\w.-]+\.onnx$/, 'a file name beside the manifest, ending in .onnx'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
});

const variantSchema = z.strictObject({
  id: z.enum(['fp32', 'int8']),
  entries: z.array(entrySchema).min(1),
  psnr: z.record(z.string(), z.number()).optional(),
});

export const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  description: z.string(),
  task: z.enum(['upscale', 'restore', 'face-detect', 'face-restore']),
  scale: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  /** Pixels of the input, on each side, that a pixel of the output depends on. */
  receptiveRadius: z.int().min(0),
  /** `valid`: the network's output covers its input less `receptiveRadius` pixels on each side. */
  padding: z.literal('valid'),
  licence: z.string(),
  source: z.string(),
  layout: z.literal('NHWC'),
  channelOrder: z.literal('RGB'),
  tile: z.strictObject({ cpu: z.tuple([z.int().positive(), z.int().positive()]) }),
  parameters: z.int().positive(),
  variants: z.array(variantSchema).min(1),
});

export type ModelManifest = z.infer<typeof manifestSchema>;
type ModelEntry = z.infer<typeof entrySchema>;
export type VariantId = z.infer<typeof variantSchema>['id'];
export type EntryDtype = ModelEntry['dtype'];
