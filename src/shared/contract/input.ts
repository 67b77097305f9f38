import { z } from 'zod';

/** What a page names pictures and folders by: it cannot be trusted with paths that nobody gave it. */

/**
 * A picture or folder to enlarge.
 * - `path` (web): below the folder that `serve --root` names, relative to it, with `/`; '' is that folder itself.
 * - `upload` (web): what `POST /upload` answered with.
 * - `token` (desktop): what the shell made of something dropped or picked.
 */
export const inputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().max(4096) }),
  z.object({ kind: z.literal('upload'), id: z.uuid() }),
  z.object({ kind: z.literal('token'), token: z.string().max(4096) }),
]);

/**
 * Where results go.
 * - `path` (web): a folder below the root; made if missing.
 * - `token` (desktop): a folder that was picked.
 * - `kept` (web): a folder of Enlarger's own, for results that are downloaded; it goes when its batch is cleared.
 */
export const outSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().max(4096) }),
  z.object({ kind: z.literal('token'), token: z.string().max(4096) }),
  z.object({ kind: z.literal('kept') }),
]);

export type Input = z.infer<typeof inputSchema>;
export type Out = z.infer<typeof outSchema>;

/** What `POST /upload?name=photo.jpg`, the file being the body, answers with. */
export const uploadedSchema = z.object({
  id: z.uuid(),
  /** As it was stored: characters that a file system forbids are replaced. */
  name: z.string(),
  bytes: z.int().min(0),
});

export type Uploaded = z.infer<typeof uploadedSchema>;
