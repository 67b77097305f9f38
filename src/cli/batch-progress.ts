import { type Pace, PaceMeter } from '../main/batch/pace.ts';
import type { Batch } from '../main/batch/prepare-batch.ts';
import type { FileEvent } from '../main/batch/run-batch.ts';
import type { JobProgress } from '../shared/engine-protocol.ts';
import { planTiles } from '../shared/tiles.ts';
import type { Progress } from './output/reporter.ts';

/** Adds up what the files of a batch have done. Files are told apart by their position in it. */
export class BatchProgress {
  readonly #meter: PaceMeter;
  readonly #tiles: number[];
  readonly #pixels: number[];
  readonly #tilesDone: number[];
  readonly #pixelsDone: number[];
  #filesDone = 0;

  /** `now`: milliseconds, as in `snapshot`. */
  constructor({ files, recipe }: Batch, now: number) {
    this.#pixels = files.map(({ probe }) => probe.width * probe.height);
    this.#tiles = files.map(({ probe }) => planTiles(probe.width, probe.height, recipe.plan.tile).length);
    this.#tilesDone = files.map(() => 0);
    this.#pixelsDone = files.map(() => 0);
    this.#meter = new PaceMeter(sum(this.#pixels), now);
  }

  jobs(jobs: readonly JobProgress[]): void {
    for (const { jobId, tilesDone, pixelsDone } of jobs) {
      this.#tilesDone[jobId] = tilesDone;
      this.#pixelsDone[jobId] = pixelsDone;
    }
  }

  /** A file that ended counts in full, however it ended: no work is left in it. */
  ended(position: number, event: FileEvent): void {
    this.#filesDone += 1;
    this.#tilesDone[position] = this.#tiles[position] as number;
    if (event.state === 'done') this.#pixelsDone[position] = this.#pixels[position] as number;
    else this.#meter.forgo((this.#pixels[position] as number) - (this.#pixelsDone[position] as number));
  }

  snapshot(now: number): Progress {
    const pace: Pace = this.#meter.sample(sum(this.#pixelsDone), now);
    return {
      ...pace,
      filesDone: this.#filesDone,
      filesTotal: this.#tiles.length,
      tilesDone: sum(this.#tilesDone),
      tilesTotal: sum(this.#tiles),
    };
  }

  /** Source pixels that were enlarged. */
  get pixelsDone(): number {
    return sum(this.#pixelsDone);
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
