import { z } from 'zod';

/** One resident session: which weights, run how. Two of the same key are the same session. */
export const sessionSpecSchema = z.object({
  modelId: z.string(),
  variant: z.enum(['fp32', 'int8']),
  dtype: z.enum(['uint8', 'float32']),
  /** Absolute path of the ONNX file. */
  file: z.string(),
  sha256: z.string(),
  provider: z.literal('cpu'),
  /** Intra-op threads. */
  threads: z.int().min(1),
});

export const tileSchema = z.object({ width: z.int().min(1), height: z.int().min(1) });

/**
 * How a file is enlarged, resolved when it is queued. Under one plan the bytes of the result do not
 * depend on the number of workers or on timing.
 */
export const planSchema = z.object({
  modelId: z.string(),
  scale: z.int().min(1),
  receptiveRadius: z.int().min(0),
  /** Largest side of a tile in source pixels, its padding not counted. */
  tile: tileSchema,
  /** For pictures of eight bits a sample, and for deeper ones. */
  shallow: sessionSpecSchema,
  deep: sessionSpecSchema,
});

export type SessionSpec = z.infer<typeof sessionSpecSchema>;
export type Plan = z.infer<typeof planSchema>;

export function sessionKey(spec: SessionSpec): string {
  return `${spec.sha256}/${spec.provider}/${spec.threads}`;
}
