import { InferenceSession, Tensor } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { type Rect, scaled } from '../../shared/tiles.ts';
import { fromUnit, gatherTile, type Samples, scatterTile, toUnit } from './gather.ts';

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

export interface TileWork {
  session: string;
  source: SharedFrame;
  result: SharedFrame;
  tile: Rect;
  scale: number;
  radius: number;
  /** Int32 flags, one a job; this tile is not begun once the flag of its job is set. */
  flags: SharedArrayBuffer;
  flag: number;
}

export interface TileOutcome {
  outcome: 'done' | 'skipped';
  /** Milliseconds inside the network, and in all. */
  inference: number;
  total: number;
}

const CHANNELS = 3;

/**
 * Runs tiles through resident sessions: gathers with padding, infers, scatters. One per worker thread.
 *
 * What it is asked to do is done one after the other: ONNX Runtime begins a run only in a later turn of the
 * event loop, and till then the next tile would be gathered over this one's input.
 */
export class TileRunner {
  readonly #sessions = new Map<string, InferenceSession>();
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
      const session = this.#sessions.get(key);
      this.#sessions.delete(key);
      await session?.release();
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
    try {
      const session = await InferenceSession.create(model, {
        executionProviders: [spec.provider],
        intraOpNumThreads: spec.threads,
        interOpNumThreads: 1,
        // Threads that spin for work would take the cores from decoding, encoding and the other workers.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
        logSeverityLevel: 3,
      });
      this.#sessions.set(key, session);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const code = isShortOfMemory(reason) ? 'out-of-memory' : 'model-invalid';
      throw new EnlargerError(code, `${spec.file}: ONNX Runtime cannot use this model: ${reason}`, {
        file: spec.file,
        cause: error,
      });
    }
    return performance.now() - started;
  }

  async #run(work: TileWork): Promise<TileOutcome> {
    const started = performance.now();
    if (Atomics.load(new Int32Array(work.flags), work.flag) !== 0) {
      return { outcome: 'skipped', inference: 0, total: 0 };
    }
    const session = this.#sessions.get(work.session);
    if (!session) throw new EnlargerError('internal', `No session ${work.session} is loaded.`);
    const inference = work.source.deep ? await this.#deep(session, work) : await this.#shallow(session, work);
    return { outcome: 'done', inference, total: performance.now() - started };
  }

  async #shallow(session: InferenceSession, work: TileWork): Promise<number> {
    const { tile, radius, scale } = work;
    const input = this.#arrays.bytes('input', paddedLength(tile, radius));
    gatherTile(heldBy(work.source), tile, radius, input);
    const [output, inference] = await infer(session, new Tensor('uint8', input, paddedDims(tile, radius)));
    const place = scaled(tile, scale);
    const data = expectLength(output.data, place, Uint8Array, session);
    scatterTile(data, place, heldBy(work.result));
    return inference;
  }

  async #deep(session: InferenceSession, work: TileWork): Promise<number> {
    const { tile, radius, scale } = work;
    const samples = this.#arrays.samples('input', paddedLength(tile, radius));
    gatherTile(heldBy(work.source), tile, radius, samples);
    const input = this.#arrays.floats('input', samples.length);
    toUnit(samples, input);
    const [output, inference] = await infer(session, new Tensor('float32', input, paddedDims(tile, radius)));
    const place = scaled(tile, scale);
    const values = expectLength(output.data, place, Float32Array, session);
    const enlarged = this.#arrays.samples('output', values.length);
    fromUnit(values, enlarged);
    scatterTile(enlarged, place, heldBy(work.result));
    return inference;
  }
}

async function infer(session: InferenceSession, input: Tensor): Promise<[Tensor, number]> {
  const started = performance.now();
  const [name] = session.inputNames;
  try {
    const outputs = await session.run({ [name as string]: input });
    const [output] = Object.values(outputs);
    return [output as Tensor, performance.now() - started];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const code = isShortOfMemory(reason) ? 'out-of-memory' : 'inference-failed';
    throw new EnlargerError(code, `The network failed on a tile: ${reason}`, { cause: error });
  }
}

function isShortOfMemory(reason: string): boolean {
  return /alloc|memory/i.test(reason);
}

function expectLength<A extends Uint8Array | Float32Array>(
  data: Tensor['data'],
  place: Rect,
  type: { new (length: number): A; name: string },
  session: InferenceSession,
): A {
  const expected = place.width * place.height * CHANNELS;
  if (data instanceof type && data.length === expected) return data as A;
  throw new EnlargerError(
    'model-invalid',
    `The network's output ${session.outputNames[0]} has ${data.length} values of ${data.constructor.name}, ` +
      `where ${expected} of ${type.name} were expected. Its manifest does not describe it.`,
  );
}

const paddedDims = (tile: Rect, radius: number) => [
  1,
  tile.height + 2 * radius,
  tile.width + 2 * radius,
  CHANNELS,
];

const paddedLength = (tile: Rect, radius: number) =>
  (tile.height + 2 * radius) * (tile.width + 2 * radius) * CHANNELS;

function heldBy({ buffer, offset, width, height, held, deep }: SharedFrame): Samples {
  const { top, rows } = held ?? { top: 0, rows: height };
  const count = width * rows * CHANNELS;
  const data = deep ? new Uint16Array(buffer, offset, count) : new Uint8Array(buffer, offset, count);
  return { data, width, height, top };
}

/** Arrays that grow to the largest tile seen and are used again for every later one. */
class Arrays {
  readonly #kept = new Map<string, ArrayBuffer>();

  bytes = (name: string, length: number) => new Uint8Array(this.#get(`bytes ${name}`, length), 0, length);
  samples = (name: string, length: number) =>
    new Uint16Array(this.#get(`samples ${name}`, 2 * length), 0, length);
  floats = (name: string, length: number) =>
    new Float32Array(this.#get(`floats ${name}`, 4 * length), 0, length);

  #get(name: string, byteLength: number): ArrayBuffer {
    let buffer = this.#kept.get(name);
    if (!buffer || buffer.byteLength < byteLength) {
      buffer = new ArrayBuffer(byteLength);
      this.#kept.set(name, buffer);
    }
    return buffer;
  }
}
