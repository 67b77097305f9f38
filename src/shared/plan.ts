import { z } from 'zod';
import { rangeSchema, variantIdSchema } from './models.ts';
import { networkSchema, providerSchema } from './network.ts';

/** One resident session: which weights, run how. Two of the same key are the same session. */
export const sessionSpecSchema = z.object({
  modelId: z.string(),
  variant: variantIdSchema,
  dtype: z.enum(['uint8', 'float32']),
  /** Values of black and white in input and output; 0..255 of uint8 and 0..1 of float32 where absent. */
  range: rangeSchema.optional(),
  /** Absolute path of the ONNX file. */
  file: z.string(),
  sha256: z.string(),
  provider: providerSchema,
  /** Which of several devices of that provider; its first where absent. */
  device: z.int().min(0).optional(),
  /** In place of `device`: several cards of one kind, among which the inference workers are divided. */
  devices: z.array(z.int().min(0)).min(2).optional(),
  /** Intra-op threads. */
  threads: z.int().min(1),
});

export const tileSchema = z.object({ width: z.int().min(1), height: z.int().min(1) });

/** What all sessions of a model have in common: what becomes of an input, and how it is given. */
export const networkUseSchema = z.object({
  scale: z.int().min(1),
  receptiveRadius: z.int().min(0),
  /** Absent for networks like those that ship: [1, h, w, 3] in RGB, sides of any size, nothing padded. */
  network: networkSchema.optional(),
  /** 0..1, where the network has a strength; its own default where absent. */
  strength: z.number().min(0).max(1).optional(),
  /**
   * Width and height of every input, margins included, of a network that takes others too: graphics processors tune
   * themselves for each shape that they meet. Absent: as each tile needs it.
   */
  input: tileSchema.optional(),
  /**
   * Source pixels by which the result of a tile reaches into each neighbour's, where they are blended: for networks whose
   * tiles do not agree. Absent: tiles end where the next begin.
   */
  blend: z.int().min(1).optional(),
});

/**
 * How a file is enlarged, resolved when it is queued. Under one plan the bytes of the result do not
 * depend on the number of workers or on timing.
 */
export const planSchema = z.object({
  modelId: z.string(),
  ...networkUseSchema.shape,
  /** Largest side of a tile in source pixels, its padding not counted. */
  tile: tileSchema,
  /** For pictures of eight bits a sample, and for deeper ones. */
  shallow: sessionSpecSchema,
  deep: sessionSpecSchema,
});

export type SessionSpec = z.infer<typeof sessionSpecSchema>;
export type Plan = z.infer<typeof planSchema>;
export type NetworkUse = z.infer<typeof networkUseSchema>;

/** That part of a plan. */
export function networkUseOf({
  scale,
  receptiveRadius,
  network,
  strength,
  input,
  blend,
}: NetworkUse): NetworkUse {
  return {
    scale,
    receptiveRadius,
    ...(network === undefined ? {} : { network }),
    ...(strength === undefined ? {} : { strength }),
    ...(input === undefined ? {} : { input }),
    ...(blend === undefined ? {} : { blend }),
  };
}

export function sessionKey({ sha256, provider, device, devices, threads }: SessionSpec): string {
  const which = devices?.join(',') ?? device;
  const place = which === undefined ? provider : `${provider}:${which}`;
  return `${sha256}/${place}/${threads}`;
}
