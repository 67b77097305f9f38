import { z } from 'zod';
import { outSchema } from './input.ts';

/** Which results are meant: all of these batches that are there, or these files'. */
const selectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('batches'), batchIds: z.array(z.int()).min(1).max(1000) }),
  z.object({ kind: z.literal('files'), fileIds: z.array(z.int()).min(1).max(10_000) }),
]);

/**
 * Results copied to where they are wanted, in folders as the sources lay.
 * - `folder`: as files. Each appears whole, under its name, or not at all.
 * - `zip`: as one ZIP of this name in a folder; it appears when it is whole.
 * - `download` (web): as one ZIP, fetched from `mediaUrl({ kind: 'export', id })`.
 */
export const exportRequestSchema = z.object({
  what: selectionSchema,
  to: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('folder'),
      out: outSchema,
      onCollision: z.enum(['skip', 'number', 'overwrite']).default('number'),
    }),
    z.object({ kind: z.literal('zip'), out: outSchema, name: z.string().min(1).max(255) }),
    z.object({ kind: z.literal('download') }),
  ]),
});

/** How far an export is. */
export const exportSchema = z.object({
  id: z.int(),
  kind: z.enum(['folder', 'zip', 'download']),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** Absolute path of the folder or ZIP; null for a download. */
  target: z.string().nullable(),
  filesDone: z.int(),
  filesTotal: z.int(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  /** Results that stood there already and were left alone. */
  skipped: z.int(),
  /** What could not be exported, and why, in words; a thousand at most. */
  problems: z.array(z.string()),
});

export type ExportRequest = z.output<typeof exportRequestSchema>;
export type Export = z.infer<typeof exportSchema>;
