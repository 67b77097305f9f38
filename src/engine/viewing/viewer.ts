import { SQUARE_SIDE } from '../../shared/contract/media.ts';
import type { RequestInput, RequestOutput } from '../../shared/engine-protocol.ts';
import { entryFile } from '../../shared/entry-file.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { SquarePlace } from '../../shared/squares.ts';
import { intersection, type Rect } from '../../shared/tiles.ts';
import { ThreadClient } from '../../threads/thread-rpc.ts';
import { Focus } from './focus.ts';
import { ResultInWork } from './result-in-work.ts';
import type { ViewService } from './view-service.ts';

/** What of a job concerns those who look at it. */
export interface ViewedJob extends Disposable {
  readonly shown: ResultInWork;
  readonly focus: Focus;
}

interface Entry {
  shown: ResultInWork;
  focus: Focus;
  scale: number;
}

/** The coordinator's side of looking at pictures closely: on a thread of its own, which is made for the first who looks. */
export class Viewer {
  readonly #scratch: string;
  readonly #jobs = new Map<number, Entry>();
  #thread: ThreadClient<ViewService> | undefined;
  #look: RequestInput<'look'> | undefined;

  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  /** Dispose of what this returns when the job is over. */
  begin(jobId: number, scale: number): ViewedJob {
    const entry = { shown: new ResultInWork(), focus: new Focus(), scale };
    this.#jobs.set(jobId, entry);
    if (this.#look?.jobId === jobId) this.#focus(this.#look);
    return {
      ...entry,
      [Symbol.dispose]: () => {
        this.#jobs.delete(jobId);
        const { key } = entry.shown;
        if (key !== undefined) void this.#thread?.ask('forget', { key }).catch(() => {});
      },
    };
  }

  square({ source, target, ...place }: RequestInput<'square'>): Promise<RequestOutput<'square'>> {
    return this.#ask().ask('square', { source, place, target });
  }

  async resultSquare(input: RequestInput<'resultSquare'>): Promise<RequestOutput<'resultSquare'>> {
    const { jobId, target, ...place } = input;
    const shown = this.#jobs.get(jobId)?.shown;
    const region = regionOf(place);
    const square = await shown?.read((view, all) => {
      const done = all.filter((part) => intersection(part, region));
      return this.#ask().ask('resultSquare', { view, done, place, target });
    });
    if (square) return square;
    if (shown?.written === undefined) {
      throw new EnlargerError('not-found', `Job ${jobId} has nothing to be seen.`);
    }
    return this.square({ source: shown.written, target, ...place });
  }

  look(look: RequestInput<'look'>): void {
    const before = this.#look;
    if (before && before.jobId !== look.jobId) this.#focus({ ...before, point: null });
    this.#look = look.point ? look : undefined;
    // Its squares are asked for next: the thread takes a moment to start.
    if (look.point) this.#ask();
    this.#focus(look);
  }

  #focus({ jobId, point }: RequestInput<'look'>): void {
    const job = this.#jobs.get(jobId);
    job?.focus.set(point ? { x: point.x / job.scale, y: point.y / job.scale } : undefined);
  }

  #ask(): ThreadClient<ViewService> {
    const entry = entryFile(import.meta.url, './view-worker.ts', 'view-worker.js');
    this.#thread ??= new ThreadClient(entry, 'view', this.#scratch);
    return this.#thread;
  }
}

/** What of a picture a square shows, in the picture's own pixels; it may reach beyond the picture. */
function regionOf({ level, column, row }: SquarePlace): Rect {
  const side = SQUARE_SIDE * 2 ** level;
  return { x: column * side, y: row * side, width: side, height: side };
}
