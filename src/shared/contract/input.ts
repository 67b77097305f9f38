import { z } from 'zod';

/** What a page names pictures and folders by: it cannot be trusted with paths that nobody gave it. */

/**
 * A picture or folder to enlarge.
 * - `path` (web): below the folder that `serve --root` names, relative to it, with `/`; '' is that folder itself.
 * - `upload` (web): what `POST /upload` answered with.
 * - `token`: what the shell made of something dropped, picked in a dialog, or named when Enlarger was started.
 */
export const inputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().max(4096) }),
  z.object({ kind: z.literal('upload'), id: z.uuid() }),
  z.object({ kind: z.literal('token'), token: z.string().max(4096) }),
]);

/**
 * Where results go.
 * - `path` (web): a folder below the root; made if missing.
 * - `token`: a folder that was picked.
 * - `kept`: a folder of Enlarger's own, for results that are exported or downloaded later; it goes when its batch is
 *   cleared.
 */
export const outSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().max(4096) }),
  z.object({ kind: z.literal('token'), token: z.string().max(4096) }),
  z.object({ kind: z.literal('kept') }),
]);

/** Something that may be enlarged or written to, with a name to show. */
export const offeredSchema = z.object({
  input: inputSchema,
  /** The last part of its path. */
  name: z.string(),
  /** Its path as people know it; absent where there is none. */
  path: z.string().optional(),
  kind: z.enum(['picture', 'folder']),
});

export type Offered = z.infer<typeof offeredSchema>;
export type Input = z.infer<typeof inputSchema>;
export type Out = z.infer<typeof outSchema>;

/**
 * What `POST /upload?name=photo.jpg`, the file being the body, answers with. `&folder=trip/day%201` says where it lay
 * inside the folder that was dropped; results mirror it.
 */
export const uploadedSchema = z.object({
  id: z.uuid(),
  /** As it was stored: characters that a file system forbids are replaced. */
  name: z.string(),
  bytes: z.int().min(0),
});

export type Uploaded = z.infer<typeof uploadedSchema>;
