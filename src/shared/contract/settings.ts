import { z } from 'zod';
import { recipeSchema } from './recipe.ts';

/** What a user has chosen once and for all. */
export const settingsSchema = z.object({
  language: z.enum(['system', 'en', 'zh-CN']).default('system'),
  /** Dark unless somebody says otherwise: bright surroundings make pictures look darker than they are. */
  theme: z.enum(['system', 'dark', 'light']).default('dark'),
  /** What the next batch begins with. */
  recipe: recipeSchema.prefault({}),
  /** Whether what is dropped is enlarged at once; else it waits for Start. */
  startAtOnce: z.boolean().default(true),
  /** Whether batches that were interrupted go on when Enlarger starts. */
  resumeAtStart: z.boolean().default(true),
  /** What computes: `auto`, `cpu`, `gpu`, `all` (cards of one kind together), or a device by its id or a part of its name. */
  device: z.string().min(1).max(200).default('auto'),
  /** Whether models may be downloaded when somebody asks for one; nothing else uses the network. */
  network: z.boolean().default(true),
});

/** Each key that is given replaces the old value as a whole. */
export const settingsChangeSchema = z.object({
  language: settingsSchema.shape.language.unwrap().optional(),
  theme: settingsSchema.shape.theme.unwrap().optional(),
  recipe: recipeSchema.optional(),
  startAtOnce: z.boolean().optional(),
  resumeAtStart: z.boolean().optional(),
  device: settingsSchema.shape.device.unwrap().optional(),
  network: z.boolean().optional(),
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
