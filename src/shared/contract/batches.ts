import { z } from 'zod';
import { batchRecordSchema, FILE_STATES } from '../jobs.ts';
import { errorDataSchema } from './error.ts';
import { inputSchema, outSchema } from './input.ts';
import { recipeSchema } from './recipe.ts';

/** What is asked for: these pictures, made so, put there. */
export const requestSchema = z.object({
  inputs: z.array(inputSchema).min(1).max(10_000),
  out: outSchema,
  recipe: recipeSchema.prefault({}),
});

/** Files that a plan lists at most; beyond that it counts. */
export const PLAN_LISTS = 1000;

const sizeSchema = z.object({ width: z.int(), height: z.int() });

/** What would become of the pictures, found without touching a pixel. Each list holds `PLAN_LISTS` at most. */
export const planSummarySchema = z.object({
  /** Absolute path of the folder for results; null for one that is yet to be made (`kept`). */
  out: z.string().nullable(),
  model: z.string(),
  scale: z.int(),
  /** How many of each there are, those included that are not listed. */
  counts: z.object({ files: z.int(), skipped: z.int(), refused: z.int() }),
  /** Of all results together. */
  pixels: z.number(),
  files: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff']),
      /** Why the format is not the one that was asked for, and the like. */
      notes: z.array(z.string()),
      size: sizeSchema,
      /** Of the result. */
      resultSize: sizeSchema,
    }),
  ),
  /** Nothing is to be done for these. */
  skipped: z.array(z.object({ source: z.string(), target: z.string(), reason: z.string() })),
  /** These cannot be enlarged. */
  refused: z.array(errorDataSchema),
});

export const batchListSchema = z.object({
  /** Part of the title or of the output folder, in any letter case. */
  search: z.string().optional(),
  states: z.array(batchRecordSchema.shape.state).optional(),
  limit: z.int().min(1).max(500).default(100),
  /** Only batches older than the one with this id: the next page. */
  before: z.int().optional(),
});

export const fileListSchema = z.object({
  batchId: z.int(),
  states: z.array(z.enum(FILE_STATES)).optional(),
  /** Only files after this position: the next page. */
  after: z.int().optional(),
  limit: z.int().min(1).max(500).default(200),
  /** Part of the source's path, in any letter case. */
  search: z.string().optional(),
});

export const batchIdSchema = z.object({ batchId: z.int() });
export const fileIdsSchema = z.object({ fileIds: z.array(z.int()).min(1).max(10_000) });

export type BatchRequest = z.output<typeof requestSchema>;
export type PlanSummary = z.infer<typeof planSummarySchema>;
