import { z } from 'zod';

/** A number that a network takes beside the picture: how strongly it works. */
export const strengthInputSchema = z.strictObject({
  /** Name of the graph's input. */
  input: z.string().min(1),
  dtype: z.enum(['float32', 'float64']).default('float32'),
  /** Its shape, of one value in all; empty for a scalar. */
  dims: z.array(z.literal(1)).max(4),
  /** What the network is given for no strength, and for full strength. */
  from: z.number(),
  to: z.number(),
  /** 0..1: the strength where nobody chose one. */
  default: z.number().min(0).max(1),
});

/** Whether anybody can choose a strength: a network may also be given one and the same number for every picture. */
export function isChoosable({ from, to }: Pick<StrengthInput, 'from' | 'to'>): boolean {
  return from !== to;
}

/** Pixels: the longest side of an input or a tile, and the widest border, that a network is believed to have. */
export const LARGEST_SIDE = 8192;

/** How a network is fed and read, as far as its graph does not say so itself. */
export const networkSchema = z.strictObject({
  layout: z.enum(['NHWC', 'NCHW']),
  /** 1: it is given red, green and blue one after the other. 4: opaque alpha is added, and dropped from the result. */
  channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
  channelOrder: z.enum(['RGB', 'BGR']),
  /**
   * Pixels of the result, on each side, that the network leaves out of what its input covers: 0 where it pads by itself,
   * the receptive radius times the scale where it pads nothing.
   */
  trim: z.int().min(0).max(LARGEST_SIDE),
  /** Width and height of the input are multiples of it, and tiles begin at multiples of it. */
  multiple: z.int().min(1).max(1024),
  /** The only width and height of the input that it takes, margins included. */
  fixed: z.tuple([z.int().positive().max(LARGEST_SIDE), z.int().positive().max(LARGEST_SIDE)]).optional(),
  /** The graph's input and output for the picture; the first of rank four where absent. */
  input: z.string().optional(),
  output: z.string().optional(),
  strength: strengthInputSchema.optional(),
});

/** Execution providers of ONNX Runtime, by its own names. */
export const providerSchema = z.enum(['cpu', 'cuda', 'dml', 'coreml', 'webgpu']);

export type StrengthInput = z.infer<typeof strengthInputSchema>;
export type NetworkConventions = z.infer<typeof networkSchema>;
export type ProviderName = z.infer<typeof providerSchema>;
