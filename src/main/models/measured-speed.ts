import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type VariantId, variantIdSchema } from '../../shared/models.ts';
import { replaceFile } from '../replace-file.ts';

const speedSchema = z.object({
  /** Of sources. */
  megapixelsPerSecond: z.number().positive(),
  /** Milliseconds since 1970. */
  measuredAt: z.number(),
});

/** By model and variant. */
const speedsSchema = z.record(z.string(), z.partialRecord(variantIdSchema, speedSchema));
type Speeds = z.infer<typeof speedsSchema>;

/** What a batch has enlarged with one model. */
export interface Enlarged {
  /** Of sources. */
  pixels: number;
  tiles: number;
  /** On the clock on the wall, while at least one of its files was being enlarged. */
  seconds: number;
}

/** Before so much was enlarged it is start-up and chance. */
const ENOUGH = { seconds: 1, tiles: 3 };

/**
 * How fast each model was on this machine, as last measured, kept in `speeds.json` between runs. A speed is what came
 * through while a batch enlarged, all workers together: files that are in work beside each other share that time.
 */
export class MeasuredSpeeds {
  readonly #path: string;
  #speeds: Speeds;
  /** The write that is going on, and those that wait for it. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string, speeds: Speeds) {
    this.#path = path;
    this.#speeds = speeds;
  }

  /** The speeds in `folder`. A file that cannot be understood is set aside: they are measured again soon enough. */
  static async open(folder: string): Promise<MeasuredSpeeds> {
    const path = join(folder, 'speeds.json');
    const text = await readFile(path, 'utf8').catch(() => '{}');
    const speeds = understood(text);
    if (!speeds) await rename(path, `${path}.broken`).catch(() => {});
    return new MeasuredSpeeds(path, speeds ?? {});
  }

  /** Source megapixels a second; null before the first time. Of the variant that was last used, unless one is named. */
  get(modelId: string, variant?: VariantId): number | null {
    // Written out, because a model may be called like what every object has.
    const known = Object.hasOwn(this.#speeds, modelId) ? this.#speeds[modelId] : undefined;
    if (variant) return known?.[variant]?.megapixelsPerSecond ?? null;
    const [latest] = Object.values(known ?? {}).sort((a, b) => b.measuredAt - a.measuredAt);
    return latest?.megapixelsPerSecond ?? null;
  }

  /** Takes in what a batch has enlarged; resolves once that is kept, or is too little to say anything. */
  async note(modelId: string, variant: VariantId, { pixels, tiles, seconds }: Enlarged): Promise<void> {
    if (pixels <= 0 || seconds < ENOUGH.seconds || tiles < ENOUGH.tiles) return;
    const speed = { megapixelsPerSecond: pixels / 1e6 / seconds, measuredAt: Date.now() };
    const others = Object.hasOwn(this.#speeds, modelId) ? this.#speeds[modelId] : undefined;
    this.#speeds = { ...this.#speeds, [modelId]: { ...others, [variant]: speed } };
    const write = () => replaceFile(this.#path, `${JSON.stringify(this.#speeds, undefined, 2)}\n`);
    // A disk that is full keeps nothing from going on.
    this.#writing = this.#writing.then(write).catch(() => {});
    await this.#writing;
  }
}

function understood(text: string): Speeds | undefined {
  try {
    return speedsSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
