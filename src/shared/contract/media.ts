import { z } from 'zod';

/**
 * Where pictures are: they never ride the typed line. One handler in main answers these addresses, below `/media` over
 * HTTP and below `app://enlarger/media`, the page's own origin, in the desktop shell.
 */

/** Side of the squares that pictures are looked at by, in pixels. */
export const SQUARE_SIDE = 512;

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
  z.object({ kind: z.literal('token'), token: z.string().max(4096), side }),
  /**
   * A square of `SQUARE_SIDE` pixels of a file's source or result, upright and in sRGB, of the picture reduced
   * `2 ** level` times; smaller at its right and lower edges, where sizes are rounded up (squares.ts). JPEG, or PNG with
   * transparency; beyond the picture, and before a tile of a result can be done, `not-found`. Of a result in work: what is
   * done of it, the rest transparent, to be asked for again when `dirty` says so. `state` keeps a browser from showing an
   * older one; it means nothing to main.
   */
  z.object({
    kind: z.literal('square'),
    id,
    of: z.enum(['source', 'result']),
    level: z.coerce.number().int().min(0).max(12),
    column: z.coerce.number().int().min(0),
    row: z.coerce.number().int().min(0),
    state: z.string().max(64).optional(),
  }),
  /** A result as it is, to be saved. */
  z.object({ kind: z.literal('download'), id }),
  /** All results of a batch that are there, in one ZIP. */
  z.object({ kind: z.literal('zip'), id }),
  /** The ZIP that an export to `download` makes, while it is made. */
  z.object({ kind: z.literal('export'), id }),
]);

export type MediaRequest = z.infer<typeof mediaSchema>;

/** The address of `request` below `base`, such as `/media`. */
export function mediaUrl(base: string, { kind, ...rest }: MediaRequest): string {
  const query = new URLSearchParams(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  return `${base}/${kind}?${query}`;
}

/** The request that an address below `/media` stands for; undefined for any other. `path` without its base. */
export function parseMedia(path: string, query: URLSearchParams): MediaRequest | undefined {
  const parsed = mediaSchema.safeParse({ ...Object.fromEntries(query), kind: path.replace(/^\//, '') });
  return parsed.success ? parsed.data : undefined;
}
