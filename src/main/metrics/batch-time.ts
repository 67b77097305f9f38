import { z } from 'zod';
import type { Metrics } from '../../shared/contract/metrics.ts';
import type { BatchRecord } from '../../shared/jobs.ts';
import { variantIdSchema } from '../../shared/models.ts';
import type { MeasuredSpeeds } from '../models/measured-speed.ts';
import type { JournalFigures } from './journal-figures.ts';
import { remainingOf } from './remaining.ts';
import type { WorkTotals } from './sliding-rates.ts';
import { advance, newPace, type Pace, secondsLeft } from './time-left.ts';
import type { WorkWatch } from './work-watch.ts';

/** What of a batch's recipe, as the journal keeps it, says how fast it will be. */
const recipeSchema = z.object({ model: z.string(), variant: variantIdSchema });

/** The model of a batch, and the variant for its ordinary pictures; undefined for a recipe that is none of ours. */
export function modelOf(recipe: BatchRecord['recipe']): z.infer<typeof recipeSchema> | undefined {
  return recipeSchema.safeParse(recipe).data;
}

interface Timed {
  batchId: number;
  pace: Pace;
  totals: WorkTotals;
  at: number;
}

/** Follows the pace of the batch that runs, and says how long it still takes. */
export class BatchTime {
  readonly #work: WorkWatch;
  readonly #journal: JournalFigures;
  readonly #speeds: MeasuredSpeeds;
  #timed: Timed | undefined;

  constructor(work: WorkWatch, journal: JournalFigures, speeds: MeasuredSpeeds) {
    this.#work = work;
    this.#journal = journal;
    this.#speeds = speeds;
  }

  /** Takes in what was done until `now`, milliseconds; to be called about once a second while a batch runs. */
  sample(now: number): Metrics['timeLeft'] {
    const { batch, totals } = this.#work;
    const record = batch && this.#journal.record(batch.batchId);
    if (!batch || !record) {
      this.#timed = undefined;
      return batch ? [{ batchId: batch.batchId, seconds: null }] : [];
    }
    const { batchId, obstacle, enhancing } = batch;
    const before =
      this.#timed?.batchId === batchId
        ? this.#timed
        : { batchId, pace: this.#begin(record), totals, at: now };
    // Until the first file is enlarged the engine starts and loads; behind an obstacle nothing runs.
    const counts = enhancing && !obstacle;
    const pace = counts ? advance(before.pace, stepBetween(before, { totals, at: now })) : before.pace;
    this.#timed = { batchId, pace, totals, at: now };
    const lost = this.#journal.lostPixels(batchId);
    const unknown = obstacle || lost === undefined;
    const remaining = remainingOf(record, lost ?? 0, this.#work.filesOf(batchId));
    return [{ batchId, seconds: unknown ? null : secondsLeft(pace, remaining) }];
  }

  #begin({ recipe }: BatchRecord): Pace {
    const model = modelOf(recipe);
    const known = model && this.#speeds.get(model.model, model.variant);
    return newPace(known ? known * 1e6 : undefined);
  }
}

function stepBetween(before: Pick<Timed, 'totals' | 'at'>, now: Pick<Timed, 'totals' | 'at'>) {
  return {
    seconds: (now.at - before.at) / 1000,
    tiles: now.totals.tiles - before.totals.tiles,
    pixels: now.totals.pixels - before.totals.pixels,
    files: now.totals.files - before.totals.files,
  };
}
