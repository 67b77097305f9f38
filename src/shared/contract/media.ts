import { z } from 'zod';

/**
 * Where pictures are: they never ride the typed line. One handler in main answers these addresses, below `/media` over
 * HTTP and below `app://media` in the desktop shell.
 */

/** Longest side of a preview, in pixels. */
export const LARGEST_PREVIEW = 4096;

const id = z.coerce.number().int().positive();
const side = z.coerce.number().int().min(16).max(LARGEST_PREVIEW);

const mediaSchema = z.discriminatedUnion('kind', [
  /** A small JPEG, upright and in sRGB, of a file of the journal: its source or its result. */
  z.object({ kind: z.literal('source'), id, side }),
  z.object({ kind: z.literal('result'), id, side }),
  /** The same of a picture below the root, and of an upload. */
  z.object({ kind: z.literal('path'), path: z.string().max(4096), side }),
  z.object({ kind: z.literal('upload'), id: z.uuid(), side }),
  /** A result as it is, to be saved. */
  z.object({ kind: z.literal('download'), id }),
  /** All results of a batch that are there, in one ZIP. */
  z.object({ kind: z.literal('zip'), id }),
]);

export type MediaRequest = z.infer<typeof mediaSchema>;

/** The address of `request` below `base`, such as `/media`. */
export function mediaUrl(base: string, { kind, ...rest }: MediaRequest): string {
  const query = new URLSearchParams(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  return `${base}/${kind}?${query}`;
}

/** The request that an address below `/media` stands for; undefined for any other. `path` without its base. */
export function parseMedia(path: string, query: URLSearchParams): MediaRequest | undefined {
  const parsed = mediaSchema.safeParse({ ...Object.fromEntries(query), kind: path.replace(/^\//, '') });
  return parsed.success ? parsed.data : undefined;
}
