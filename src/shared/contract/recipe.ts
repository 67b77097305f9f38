import { z } from 'zod';
import { variantIdSchema } from '../models.ts';

/** What a batch shall do: the words of the page. Defaults are those of the command line. */
export const recipeSchema = z.object({
  /** A model's id; it also says how many times larger. */
  model: z.string().default('photo-x2'),
  /** `auto`: int8 where this machine computes it right and faster. */
  variant: z.enum(['auto', ...variantIdSchema.options]).default('auto'),
  /** `keep`: as the source, where that can hold the result. */
  format: z.enum(['keep', 'jpeg', 'png', 'webp', 'avif', 'tiff']).default('keep'),
  /** 1..100, for lossy formats; each format's own default where absent. */
  quality: z.int().min(1).max(100).optional(),
  /** Leaves out where the pictures were taken. */
  removeGps: z.boolean().default(false),
  /** Names of the results: {name} {scale} {model} {ext} {index}. */
  name: z.string().max(255).default('{name}-x{scale}.{ext}'),
  /** Where a result stands already. */
  onCollision: z.enum(['skip', 'number', 'overwrite']).default('skip'),
  /** Whether the folders inside folders are entered. */
  recursive: z.boolean().default(true),
  /** How strongly the model works, 0..1; its own default where absent. For models that have a strength. */
  strength: z.number().min(0).max(1).optional(),
  /** Side of a tile in source pixels; the model's own where absent. For experiments. */
  tile: z.int().min(16).max(8192).optional(),
});

/** As it may be given: everything has a default. */
export type RecipeChoice = z.input<typeof recipeSchema>;
export type RecipeWords = z.output<typeof recipeSchema>;
