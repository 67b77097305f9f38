import { z } from 'zod';
import { providerSchema } from '../network.ts';

export const devicesRequestSchema = z.object({
  /** Id of the model that devices are tried with; that of the settings' recipe where absent. */
  model: z.string().optional(),
});

/** Something that computes networks (docs/providers.md), and how it did with a model. */
export const deviceSchema = z.object({
  /** What `settings.device` may be, to have it. */
  id: z.string(),
  provider: providerSchema,
  name: z.string(),
  /** Version of its driver; '' where not reported. */
  driver: z.string(),
  /** Bytes of its own; null where not reported. */
  memory: z.number().nullable(),
  /** False where no card is known that could be it. */
  likely: z.boolean(),
  /** Whether it has been tried with this model; the processor needs no trial. */
  tried: z.boolean(),
  /** Whether it computes what the processor does; null where it has not been tried. */
  works: z.boolean().nullable(),
  /** Why it does not work, in words. */
  reason: z.string().optional(),
  /** For the built-in picture; absent where it has not been measured. */
  milliseconds: z.number().optional(),
  /** Whether the settings' device means it for the next batch, as far as is known: what has not been tried may fail. */
  chosen: z.boolean(),
});

export type DeviceState = z.infer<typeof deviceSchema>;
