import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';
import { inputArea, outputOffset, outputSize } from '../../shared/network-geometry.ts';
import { type Rect, scaled } from '../../shared/tiles.ts';
import type { Arrays } from './arrays.ts';
import { copyTensor, fromTensor, levelsFromTensor } from './from-tensor.ts';
import { gatherArea, isGray, type SampleArray, type Samples } from './gather.ts';
import { infer } from './infer.ts';
import {
  type Colour,
  dimsOf,
  isPlain,
  layoutOf,
  type TensorArray,
  type TensorLayout,
  toTensor,
  whiteOf,
} from './tensor-layout.ts';
import type { SharedFrame, TileWork } from './tile-runner.ts';

/** One tile of a picture, whoever asks for it. */
type TileJob = Omit<TileWork, 'session' | 'flags' | 'flag'>;

/** A part of a result that is not rounded yet: fractions of levels, RGB interleaved, rows of `place` without gaps. */
export interface Levels {
  data: Float32Array;
  /** In pixels of the result. */
  place: Rect;
}

type Size = Pick<Rect, 'width' | 'height'>;

const COLOURS = 3;

/**
 * Gathers one tile with its surroundings, gives it to the network, and writes what comes out into its place, or all that
 * `levels` have room for into those. `arrays` may be used again after it. Resolves to the milliseconds inside the network.
 */
export async function enlargeTile(
  session: InferenceSession,
  dtype: TensorLayout['dtype'],
  work: TileJob,
  arrays: Arrays,
  levels?: Levels,
): Promise<number> {
  const area = inputArea(work.tile, work);
  expectRoom(work, area);
  const samples = gathered(work.source, area, arrays);
  const tensor = layoutOf({ dtype, ...(work.range ? { range: work.range } : {}) }, work.network);
  let inference = 0;
  for (const colours of runsOf(samples, tensor)) {
    const input = inputTensor(samples, tensor, colours[0], area, arrays);
    const { output, name, milliseconds } = await infer(session, input, work.network, work.strength);
    inference += milliseconds;
    scatter(output.data, name, tensor, colours, area, work, levels);
  }
  return inference;
}

function gathered(source: SharedFrame, area: Rect, arrays: Arrays): SampleArray {
  const count = area.width * area.height * COLOURS;
  const samples = source.deep ? arrays.samples('input', count) : arrays.bytes('input', count);
  gatherArea(samplesOf(source), area, samples);
  return samples;
}

/** The colours that each run is for: a network of one channel is given one after the other, unless they are all the same. */
function runsOf(samples: SampleArray, { channels }: TensorLayout): [Colour, ...Colour[]][] {
  if (channels > 1 || isGray(samples)) return [[0, 1, 2]];
  return [[0], [1], [2]];
}

/** The tensor that `tensor` describes, of what has been gathered from `area`; in `arrays` where it is converted. */
export function inputTensor(
  samples: SampleArray,
  tensor: TensorLayout,
  colour: Colour,
  area: Size,
  arrays: Arrays,
): Tensor {
  const dims = dimsOf(area, tensor);
  if (samples instanceof Uint8Array && isPlain(tensor)) return new Tensor('uint8', samples, dims);
  const count = area.width * area.height * tensor.channels;
  if (tensor.dtype === 'uint8') {
    const values = arrays.bytes('tensor', count);
    toTensor(samples, tensor, colour, values);
    return new Tensor('uint8', values, dims);
  }
  const values = arrays.floats('tensor', count);
  toTensor(samples, tensor, colour, values);
  return new Tensor('float32', values, dims);
}

function scatter(
  data: Tensor['data'],
  name: string,
  tensor: TensorLayout,
  colours: readonly Colour[],
  area: Rect,
  work: TileJob,
  levels: Levels | undefined,
): void {
  const size = outputSize(area, work);
  const type = tensor.dtype === 'uint8' ? Uint8Array : Float32Array;
  const values = expectValues(data, size.width * size.height * tensor.channels, type, name);
  const offset = outputOffset(work);
  const at = { size, left: offset, top: offset };
  const place = scaled(work.tile, work.scale);
  const frame = samplesOf(work.result);
  if (levels) {
    at.left += levels.place.x - place.x;
    at.top += levels.place.y - place.y;
    levelsFromTensor({ values, ...at }, tensor, colours, levels.place, levels.data, whiteOf(frame.data));
  } else if (values instanceof Uint8Array && frame.data instanceof Uint8Array && isPlain(tensor)) {
    copyTensor({ values, ...at }, place, frame);
  } else {
    fromTensor({ values, ...at }, tensor, colours, place, frame);
  }
}

/** Throws `model-invalid` unless input and output reach around the tile, and what is blended around it, on all sides. */
function expectRoom(work: TileJob, area: Rect): void {
  const { tile, scale, blend = 0 } = work;
  const offset = outputOffset(work);
  const output = outputSize(area, work);
  const missing = (side: 'width' | 'height') => offset + (tile[side] + blend) * scale > output[side];
  if (offset >= blend * scale && !missing('width') && !missing('height')) return;
  throw new EnlargerError(
    'model-invalid',
    `A tile of ${tile.width}×${tile.height} pixels is not within what the network makes of ${area.width}×${area.height}. ` +
      'Its manifest does not describe it.',
  );
}

function expectValues(
  data: Tensor['data'],
  expected: number,
  type: typeof Uint8Array | typeof Float32Array,
  name: string,
): TensorArray {
  if (data instanceof type && data.length === expected) return expectNumbers(data, name);
  throw new EnlargerError(
    'model-invalid',
    `The network's output ${name} has ${data.length} values of ${data.constructor.name}, ` +
      `where ${expected} of ${type.name} were expected. Its manifest does not describe it.`,
  );
}

/** Throws `inference-failed` for what half precision, or a driver, could not hold: it would be black in the result. */
function expectNumbers(values: TensorArray, name: string): TensorArray {
  let sum = 0;
  if (values instanceof Float32Array) for (const value of values) sum += value;
  if (Number.isFinite(sum)) return values;
  throw new EnlargerError('inference-failed', `The network's output ${name} has values that are no numbers.`);
}

/** The samples of a frame in shared memory. */
export function samplesOf({ buffer, offset, width, height, held, deep }: SharedFrame): Samples {
  const { top, rows } = held ?? { top: 0, rows: height };
  const count = width * rows * COLOURS;
  const data = deep ? new Uint16Array(buffer, offset, count) : new Uint8Array(buffer, offset, count);
  return { data, width, height, top };
}
