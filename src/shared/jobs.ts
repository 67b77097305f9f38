import { z } from 'zod';
import { probeSchema } from './engine-protocol.ts';
import { fidelitySchema } from './fidelity.ts';

/** What the journal knows of batches and their files, as every shell and the page see it. */

const BATCH_STATES = ['queued', 'running', 'paused', 'partial', 'done', 'cancelled'] as const;
export const FILE_STATES = [
  'queued',
  'decoding',
  'enhancing',
  'encoding',
  'done',
  'failed',
  'cancelled',
  'skipped',
] as const;

/** `partial`: ended, and some of its files failed. */
const batchStateSchema = z.enum(BATCH_STATES);
const fileStateSchema = z.enum(FILE_STATES);
export type BatchState = z.infer<typeof batchStateSchema>;
export type FileState = z.infer<typeof fileStateSchema>;
/** A file that an engine has. */
export type WorkState = Extract<FileState, 'decoding' | 'enhancing' | 'encoding'>;

/** Milliseconds since 1970 by the clock on the wall: for people, never for measuring. */
const timeSchema = z.number();

export const batchRecordSchema = z.object({
  id: z.int(),
  title: z.string(),
  /** What was asked for, in the words of the shell that asked. */
  recipe: z.unknown(),
  /** Absolute path of the folder for results. */
  out: z.string(),
  shell: z.enum(['cli', 'desktop', 'web']),
  state: batchStateSchema,
  /** Why it is paused or was cancelled, where somebody said so. */
  reason: z.string().nullable(),
  createdAt: timeSchema,
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** How many of its files are in each state. */
  files: z.record(fileStateSchema, z.int()),
  /** Source pixels of all its files, and of those that are done. */
  pixelsTotal: z.number(),
  pixelsDone: z.number(),
});

/** What is remembered of a finished file. */
const resultSchema = z.object({
  target: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  /** Milliseconds, by stage. */
  timings: z.record(z.string(), z.number()),
  fidelity: fidelitySchema,
  notes: z.array(z.string()),
  sourceSha256: z.string().nullable(),
});

export const fileRecordSchema = z.object({
  id: z.int(),
  batchId: z.int(),
  position: z.int().min(0),
  /** The higher, the earlier. */
  priority: z.int(),
  /** A paused file is passed over until it is resumed. */
  paused: z.boolean(),
  state: fileStateSchema,
  source: z.string(),
  /** Folder of the result below the batch's `out`. */
  folder: z.string(),
  /** Device and inode. */
  identity: z.string(),
  /** Null, with `target`, `format` and `planKey`, for a file that was refused before anything was planned. */
  facts: probeSchema.nullable(),
  target: z.string().nullable(),
  format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff']).nullable(),
  /** 1..100, for lossy formats; null for the format's default. */
  quality: z.int().nullable(),
  /** Whether the place where it was taken is left out of the result. */
  removeGps: z.boolean(),
  /** Remarks made before the start, such as why the format is not the one asked for. */
  notes: z.array(z.string()),
  /** Bytes of the source, and when it was last changed in nanoseconds since 1970. */
  sourceSize: z.int(),
  sourceMtimeNs: z.string(),
  planKey: z.string().nullable(),
  /** How often it was taken up. */
  attempts: z.int(),
  /** How often the engine died over it. */
  strikes: z.int(),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** Of a failure, its code; of a failure, a skip or a strike, the reason in words. */
  code: z.string().nullable(),
  reason: z.string().nullable(),
  result: resultSchema.nullable(),
});

export type BatchRecord = z.infer<typeof batchRecordSchema>;
export type FileRecord = z.infer<typeof fileRecordSchema>;
export type FileResult = z.infer<typeof resultSchema>;
