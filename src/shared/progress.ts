import { z } from 'zod';

const rectSchema = z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() });

/** How far something in work is, without its name. */
export const progressSchema = z.object({
  state: z.enum(['decoding', 'enhancing', 'encoding', 'verifying']),
  tilesDone: z.int(),
  tilesTotal: z.int(),
  /** Source pixels enlarged so far. */
  pixelsDone: z.int(),
  /** What changed of the result since the last message: the smallest rectangle around it, in its pixels. */
  dirty: rectSchema.optional(),
});
