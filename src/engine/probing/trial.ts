import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { trialOptions } from '../inference/session-options.ts';
import type { Expense } from './expense.ts';
import { refusal } from './refusal.ts';
import type { Planes } from './scene.ts';

const THREADS = Math.min(4, availableParallelism());
/** Results that are kept: those of one picture in all ranges. */
const KEPT = 4;

/** How a network is fed and read in trials. */
export interface Feeding {
  input: string;
  output: string;
  layout: 'NHWC' | 'NCHW';
  /** Of the result. */
  resultLayout: 'NHWC' | 'NCHW';
  channels: 1 | 3 | 4;
  dtype: 'uint8' | 'float32';
  /** What black and white become. */
  range: readonly [black: number, white: number];
  number?: { name: string; dims: readonly 1[]; dtype: 'float32' | 'float64'; value: number };
}

/** A session of a network that is tried: a run that fails is an answer, too. */
export class Trial {
  readonly #session: InferenceSession;
  readonly expense: Expense;
  #failure = '';
  readonly #kept: Kept[] = [];

  private constructor(session: InferenceSession, expense: Expense) {
    this.#session = session;
    this.expense = expense;
  }

  /** Throws `model-invalid`, naming `file`, if ONNX Runtime makes no session of `model`. */
  static async open(model: Uint8Array, file: string, expense: Expense): Promise<Trial> {
    try {
      const session = await InferenceSession.create(model, {
        ...trialOptions(THREADS),
        // Every run has another shape.
        enableMemPattern: false,
      });
      return new Trial(session, expense);
    } catch (error) {
      throw refusal(file, [`ONNX Runtime cannot use it: ${reasonOf(error)}`]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }

  /** Why the last run that failed did. */
  get failure(): string {
    return this.#failure;
  }

  /** Everything that the network gives for `picture`; undefined if it cannot take it. */
  async outputs(picture: Planes, feeding: Feeding): Promise<ReadonlyMap<string, Tensor> | undefined> {
    this.expense.expectWanted();
    const { number } = feeding;
    const feeds: Record<string, Tensor> = { [feeding.input]: pictureTensor(picture, feeding) };
    if (number) feeds[number.name] = numberTensor(number);
    const pixels = picture.width * picture.height;
    const done = this.expense.begin(pixels, THREADS);
    try {
      const made = await this.#session.run(feeds);
      done(true);
      return new Map(Object.entries(made) as [string, Tensor][]);
    } catch (error) {
      done(false);
      this.#failure = reasonOf(error);
      return undefined;
    }
  }

  /**
   * The network's result for `picture`, in its own range, not to be written to; undefined if it cannot take it. What was
   * asked for lately is not run again, unless it is to be `fresh`.
   */
  async run(picture: Planes, feeding: Feeding, { fresh = false } = {}): Promise<Planes | undefined> {
    const { input, output, layout, resultLayout, range, number } = feeding;
    const { width, height } = picture;
    const key = JSON.stringify([input, output, layout, resultLayout, range, number?.value, width, height]);
    const known = this.#kept.find((each) => each.source === picture.data && each.key === key);
    if (known && !fresh) return known.made;
    const given = (await this.outputs(picture, feeding))?.get(output);
    const made = given && planesOf(given, resultLayout);
    if (made) this.#kept.unshift({ source: picture.data, key, made });
    this.#kept.splice(KEPT);
    return made;
  }
}

interface Kept {
  source: Float32Array;
  key: string;
  made: Planes;
}

/** A result of four dimensions as planes; undefined for what is no picture. */
export function planesOf(tensor: Tensor, layout: 'NHWC' | 'NCHW'): Planes | undefined {
  const [batch, a, b, c] = tensor.dims;
  if (tensor.dims.length !== 4 || batch !== 1 || typeof tensor.data[0] !== 'number') return undefined;
  const [channels, height, width] = (layout === 'NCHW' ? [a, b, c] : [c, a, b]) as [number, number, number];
  const values = tensor.data as Float32Array | Uint8Array;
  if (layout === 'NCHW') return { data: Float32Array.from(values), channels, width, height };
  const area = width * height;
  const data = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    data[(at % channels) * area + Math.floor(at / channels)] = values[at] as number;
  }
  return { data, channels, width, height };
}

function pictureTensor({ data, channels, width, height }: Planes, feeding: Feeding): Tensor {
  const { layout, dtype, range } = feeding;
  const [black, white] = range;
  const area = width * height;
  const values = new Float32Array(data.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let at = 0; at < area; at++) {
      const to = layout === 'NCHW' ? channel * area + at : at * channels + channel;
      values[to] = black + (data[channel * area + at] as number) * (white - black);
    }
  }
  const dims = layout === 'NCHW' ? [1, channels, height, width] : [1, height, width, channels];
  if (dtype === 'float32') return new Tensor('float32', values, dims);
  return new Tensor(
    'uint8',
    Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round(value)))),
    dims,
  );
}

function numberTensor({ dtype, value, dims }: NonNullable<Feeding['number']>): Tensor {
  if (dtype === 'float64') return new Tensor('float64', Float64Array.of(value), dims);
  return new Tensor('float32', Float32Array.of(value), dims);
}

/** What ONNX Runtime says, in one line and without the place in its own source. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [line = ''] = text.split('\n').filter((each) => each.trim() !== '');
  return line.replace(/\s*\.$/, '').slice(0, 400);
}
