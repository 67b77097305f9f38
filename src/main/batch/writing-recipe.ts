import { z } from 'zod';

const writingSchema = z.object({
  out: z.string(),
  onCollision: z.enum(['skip', 'number', 'overwrite']),
  removeGps: z.boolean().default(false),
});

/** What the recipe of a batch says about the way its results are written. */
export type WritingRecipe = z.infer<typeof writingSchema>;

/** That part of a batch's recipe. Throws if it is none of ours. */
export function writingRecipe(recipe: unknown): WritingRecipe {
  return writingSchema.parse(recipe);
}
