import { z } from 'zod';
import { LARGEST_SIDE, networkSchema, strengthInputSchema } from './network.ts';

/** Values of black and white. What maps both to one value could not be undone. */
export const rangeSchema = z
  .tuple([z.number(), z.number()])
  .refine(([black, white]) => black !== white, 'black and white must be two values');

/** Side of a tile, in pixels. Sizes that memory is asked for have an end. */
const sideSchema = z.int().positive().max(LARGEST_SIDE);

/**
 * The manifest beside a model's weights (docs/model-format.md). An entry is one ONNX file: the same
 * weights behind another kind of input.
 */
const entrySchema = z.strictObject({
  dtype: z.enum(['uint8', 'float32']),
  range: rangeSchema,
  file: z.string().regex(/^[\w.-]+\.onnx$/, 'a file name beside the manifest, ending in .onnx'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive(),
});

/** `fp16`: half precision inside the graph, for graphics processors; its input and output are not. */
export const variantIdSchema = z.enum(['fp32', 'fp16', 'int8']);

const variantSchema = z.strictObject({
  id: variantIdSchema,
  entries: z.array(entrySchema).min(1),
  /** dB by benchmark. */
  psnr: z.record(z.string(), z.number()).optional(),
  /** dB less than fp32 on the pictures that it was calibrated with. */
  loss: z.number().optional(),
  /** dB between its results and those of fp32; 99 where nothing differs. */
  fidelity: z.number().optional(),
  /** How many times as fast as fp32 on the processor that it was measured on. */
  speed: z.number().positive().optional(),
});

export const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  title: z.string().min(1),
  description: z.string(),
  task: z.enum(['upscale', 'restore', 'face-detect', 'face-restore']),
  scale: z.int().min(1).max(8),
  /** Pixels of the input, on each side, that a pixel of the output depends on. */
  receptiveRadius: z.int().min(0).max(1024),
  /** False: what lies beyond `receptiveRadius` still changes a result, so that tiles do not agree and are blended. */
  exact: z.boolean().default(true),
  /**
   * `valid`: the network's output covers its input less `receptiveRadius` pixels on each side. `same`: all of its input.
   * A number: so many pixels of the result less, on each side, than its input covers.
   */
  padding: z.union([z.enum(['valid', 'same']), networkSchema.shape.trim]),
  licence: z.string(),
  source: z.string(),
  layout: networkSchema.shape.layout,
  channelOrder: networkSchema.shape.channelOrder,
  channels: networkSchema.shape.channels.default(3),
  multiple: networkSchema.shape.multiple.default(1),
  fixed: networkSchema.shape.fixed,
  input: networkSchema.shape.input,
  output: networkSchema.shape.output,
  strength: strengthInputSchema.optional(),
  tile: z.strictObject({ cpu: z.tuple([sideSchema, sideSchema]) }),
  parameters: z.int().min(0),
  variants: z.array(variantSchema).min(1),
});

export type ModelManifest = z.infer<typeof manifestSchema>;
type ModelEntry = z.infer<typeof entrySchema>;
export type VariantId = z.infer<typeof variantSchema>['id'];
export type EntryDtype = ModelEntry['dtype'];
