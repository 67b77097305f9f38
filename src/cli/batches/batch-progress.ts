import type { FileEvent } from '../../main/batch/file-event.ts';
import { type Pace, PaceMeter } from '../../main/batch/pace.ts';
import type { JobProgress } from '../../shared/engine-protocol.ts';
import type { FileRecord } from '../../shared/jobs.ts';
import { planTiles } from '../../shared/tiles.ts';
import type { Progress } from '../output/reporter.ts';

/** A file on its way; its tiles are an estimate until the engine has counted them. */
interface Known {
  pixels: number;
  tiles: number;
  pixelsDone: number;
  tilesDone: number;
  ended: boolean;
}

/** Adds up what the files of a run have done. */
export class BatchProgress {
  readonly #meter: PaceMeter;
  readonly #tile: { width: number; height: number };
  readonly #files = new Map<number, Known>();

  /** `tile`: the largest, as far as it is known; `now`: milliseconds, as in `snapshot`. */
  constructor(tile: { width: number; height: number }, now: number) {
    this.#tile = tile;
    this.#meter = new PaceMeter(0, now);
  }

  /** Takes in what is to be done; files that are known already are left as they are. */
  expect(files: readonly FileRecord[]): void {
    for (const file of files) this.#know(file);
  }

  jobs(jobs: readonly JobProgress[]): void {
    for (const { jobId, tilesDone, tilesTotal, pixelsDone } of jobs) {
      const file = this.#files.get(jobId);
      if (file)
        Object.assign(file, { tilesDone, pixelsDone, ...(tilesTotal > 0 ? { tiles: tilesTotal } : {}) });
    }
  }

  /** A file that ended counts in full, however it ended: no work is left in it. */
  file({ state, file: record }: FileEvent): void {
    const file = this.#know(record);
    if (state === 'started') return;
    if (state === 'retried') {
      Object.assign(file, { tilesDone: 0, pixelsDone: 0 });
      return;
    }
    file.ended = true;
    file.tilesDone = file.tiles;
    if (state === 'done') file.pixelsDone = file.pixels;
    else this.#meter.forgo(file.pixels - file.pixelsDone);
  }

  snapshot(now: number): Progress {
    const pace: Pace = this.#meter.sample(this.pixelsDone, now);
    const files = [...this.#files.values()];
    return {
      ...pace,
      filesDone: files.filter(({ ended }) => ended).length,
      filesTotal: files.length,
      tilesDone: sum(files.map(({ tilesDone }) => tilesDone)),
      tilesTotal: sum(files.map(({ tiles }) => tiles)),
    };
  }

  /** Source pixels that were enlarged. */
  get pixelsDone(): number {
    return sum([...this.#files.values()].map(({ pixelsDone }) => pixelsDone));
  }

  #know({ id, facts }: FileRecord): Known {
    const known = this.#files.get(id);
    if (known) return known;
    const { width, height } = facts ?? { width: 0, height: 0 };
    const tiles = planTiles(width, height, this.#tile).length;
    const file = { pixels: width * height, tiles, pixelsDone: 0, tilesDone: 0, ended: false };
    this.#files.set(id, file);
    this.#meter.expect(file.pixels);
    return file;
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
