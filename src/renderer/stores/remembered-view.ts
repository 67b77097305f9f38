import { z } from 'zod';

/** What of the view is there again after a reload. */
const rememberedSchema = z.object({
  panels: z.object({ strip: z.boolean(), recipe: z.boolean(), dashboard: z.boolean() }),
  mode: z.enum(['slider', 'side', 'hold']),
});

type Remembered = z.infer<typeof rememberedSchema>;

const KEY = 'enlarger.view';

export function readView(): Remembered | undefined {
  try {
    return rememberedSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null')).data;
  } catch {
    return undefined;
  }
}

export function writeView({ panels, mode }: Remembered): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ panels, mode }));
  } catch {
    // A browser that keeps nothing begins with what everybody begins with.
  }
}
