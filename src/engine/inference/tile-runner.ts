import type { InferenceSession } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import type { Rect } from '../../shared/tiles.ts';
import { Arrays } from './arrays.ts';
import type { Cut } from './cuts.ts';
import { enlargeBlended } from './enlarge-blended.ts';
import { enlargeTile } from './enlarge-tile.ts';
import { openSession } from './open-session.ts';
import type { SharedSeams } from './seam-memory.ts';
import type { TileNetwork } from './tile-network.ts';

/** A picture in shared memory: interleaved RGB, rows without gaps, 8 or 16 bits a sample. */
export interface SharedFrame {
  buffer: SharedArrayBuffer;
  /** Bytes from the start of `buffer`; even for deep frames. */
  offset: number;
  /** Pixels of the whole picture. */
  width: number;
  height: number;
  /** The rows that `buffer` holds; absent, where it holds all. */
  held?: { top: number; rows: number };
  deep: boolean;
}

export interface TileWork extends TileNetwork {
  session: string;
  /** Values of black and white in the session's input and output; the usual ones where absent. */
  range?: SessionSpec['range'];
  source: SharedFrame;
  result: SharedFrame;
  tile: Rect;
  /** Where the tile is blended with its neighbours; absent where it only borders on them. */
  seams?: TileSeams;
  /** How the tile was divided, that this one is a part of, from the outside in. */
  cuts?: readonly Cut[];
  /** Pixels of the largest tile that there may be memory for, where larger ones are divided by the worker. */
  tilePixels?: number;
  /** Int32 flags, one a job; this tile is not begun once the flag of its job is set. */
  flags: SharedArrayBuffer;
  flag: number;
}

export interface TileOutcome {
  outcome: 'done' | 'skipped';
  /** Milliseconds inside the network, and in all. */
  inference: number;
  total: number;
  /** Pixels of the largest tile that there may be memory for, where the worker has met one that was too large. */
  tilePixels?: number;
}

interface TileSeams extends SharedSeams {
  /** Holds the rows of the result that the tile shares with those below it, where that is not where its own are. */
  below: SharedFrame;
}

interface Loaded {
  session: InferenceSession;
  dtype: SessionSpec['dtype'];
}

/**
 * Runs tiles through resident sessions: gathers with padding, infers, scatters. One per worker thread.
 *
 * What it is asked to do is done one after the other: ONNX Runtime begins a run only in a later turn of the
 * event loop, and till then the next tile would be gathered over this one's input.
 */
export class TileRunner {
  readonly #sessions = new Map<string, Loaded>();
  readonly #arrays = new Arrays();
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Makes the session of `spec` resident, under its own key unless told. `model` is the ONNX file, checked against its
   * hash already. Resolves to the milliseconds it took.
   */
  load(spec: SessionSpec, model: Uint8Array, key = sessionKey(spec)): Promise<number> {
    return this.#inTurn(() => this.#load(spec, model, key));
  }

  unload(key: string): Promise<void> {
    return this.#inTurn(async () => {
      const loaded = this.#sessions.get(key);
      this.#sessions.delete(key);
      await loaded?.session.release();
    });
  }

  run(work: TileWork): Promise<TileOutcome> {
    return this.#inTurn(() => this.#run(work));
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => {});
    return done;
  }

  async #load(spec: SessionSpec, model: Uint8Array, key: string): Promise<number> {
    const started = performance.now();
    if (this.#sessions.has(key)) return 0;
    this.#sessions.set(key, { session: await openSession(spec, model), dtype: spec.dtype });
    return performance.now() - started;
  }

  async #run(work: TileWork): Promise<TileOutcome> {
    const started = performance.now();
    if (Atomics.load(new Int32Array(work.flags), work.flag) !== 0) {
      return { outcome: 'skipped', inference: 0, total: 0 };
    }
    const loaded = this.#sessions.get(work.session);
    if (!loaded) throw new EnlargerError('internal', `No session ${work.session} is loaded.`);
    const { session, dtype } = loaded;
    if (work.seams) return enlargeBlended(session, dtype, { ...work, seams: work.seams }, this.#arrays);
    const inference = await enlargeTile(session, dtype, work, this.#arrays);
    return { outcome: 'done', inference, total: performance.now() - started };
  }
}
