import { z } from 'zod';
import { batchRecordSchema, fileRecordSchema } from '../jobs.ts';
import { progressSchema } from '../progress.ts';
import { downloadSchema } from './catalogue.ts';
import { exportSchema } from './exports.ts';
import { offeredSchema } from './input.ts';

/** How far a file in work is. */
const fileProgressSchema = progressSchema.extend({ fileId: z.int(), batchId: z.int() });

const engineSchema = z.object({
  state: z.enum(['starting', 'ready', 'restarting', 'broken', 'stopped']),
  /** The number of the latest engine, from 1; 0 before the first. */
  generation: z.int(),
  /** How the one before it died, in words. */
  death: z.string().optional(),
});

/** Something to tell the user that is about no file. */
const noticeSchema = z.object({ id: z.int(), message: z.string() });

/** What the menu of the window asks its page to do. */
const commandSchema = z.enum(['export', 'settings']);

const offerSchema = z.object({ id: z.int(), offered: z.array(offeredSchema) });

/**
 * Everything that has moved since the last message, and only that: the latest state of each thing. There is at most
 * one message in 33 ms, and fewer where a page reads more slowly; what lies between two is left out, what is true at
 * the end never is. The first message holds what is the case: engine, obstacles, notices, offers, exports, downloads, progress of what is in
 * work.
 */
export const eventSchema = z.object({
  /** As the journal has them. */
  batches: z.array(batchRecordSchema).optional(),
  /** Batches that are forgotten. */
  cleared: z.array(z.int()).optional(),
  /** Files whose work began or ended, as the journal has them. */
  files: z.array(fileRecordSchema).optional(),
  /** Batches of which more files changed than are told here: the page asks for what it shows of them again. */
  reload: z.array(z.int()).optional(),
  progress: z.array(fileProgressSchema).optional(),
  engine: engineSchema.optional(),
  /** What keeps a batch from going on, such as a full disk; null once it goes on. */
  obstacles: z.array(z.object({ batchId: z.int(), reason: z.string().nullable() })).optional(),
  notices: z.array(noticeSchema).optional(),
  /** Pictures that the system or the command line hands over, until a page takes them (`offers.take`). */
  offers: z.array(offerSchema).optional(),
  exports: z.array(exportSchema).optional(),
  /** Downloads of models; each that goes on is in the first message, too. */
  downloads: z.array(downloadSchema).optional(),
  /** Models were added, changed or removed: the page asks for `models.list` again. */
  models: z.literal(true).optional(),
  /** Said once, to the pages that are open. Desktop shell only. */
  commands: z.array(commandSchema).optional(),
});

export type EnlargerEvent = z.infer<typeof eventSchema>;
export type FileProgress = z.infer<typeof fileProgressSchema>;
export type EngineStatus = z.infer<typeof engineSchema>;
export type Offer = z.infer<typeof offerSchema>;
export type PageCommand = z.infer<typeof commandSchema>;
export type Notice = z.infer<typeof noticeSchema>;
