import type { Rect } from '../../shared/tiles.ts';
import type { SampleArray, Samples } from './gather.ts';
import {
  COLOURS,
  type Colour,
  isInterleaved,
  planesOf,
  type Size,
  type TensorArray,
  type TensorLayout,
  whiteOf,
} from './tensor-layout.ts';

/** What a network gives, as samples of a picture: RGB interleaved in 8 or 16 bits, or in fractions of their levels. */

/** A part of a tensor: from (`left`, `top`) on in `values`, of `size`. */
interface TensorPart {
  values: TensorArray;
  size: Size;
  left: number;
  top: number;
}

/** Rows of `stride` values, the first beginning at `start`. */
interface Target {
  data: SampleArray | Float32Array;
  start: number;
  stride: number;
}

/**
 * Writes `part` into `place` of `frame`; where it has one channel, into `colours`. Values beyond the range are clipped, the
 * others rounded to the nearest.
 */
export function fromTensor(
  part: TensorPart,
  tensor: TensorLayout,
  colours: readonly Colour[],
  place: Rect,
  { data, width, top: held = 0 }: Samples,
): void {
  const start = ((place.y - held) * width + place.x) * 3;
  const into = { data, start, stride: width * 3 };
  decodeRows(part, tensor, colours, place, into, { most: whiteOf(data), half: 0.5 });
}

/** The same as fractions of levels up to `most`, clipped but not rounded: rows of `size` without gaps, RGB interleaved. */
export function levelsFromTensor(
  part: TensorPart,
  tensor: TensorLayout,
  colours: readonly Colour[],
  size: Size,
  levels: Float32Array,
  most: number,
): void {
  const into = { data: levels, start: 0, stride: size.width * 3 };
  decodeRows(part, tensor, colours, size, into, { most, half: 0 });
}

function decodeRows(
  { values, size, left, top }: TensorPart,
  tensor: TensorLayout,
  colours: readonly Colour[],
  place: Size,
  { data, start, stride }: Target,
  rounding: Rounding,
): void {
  const { channels, range } = tensor;
  const planes = planesOf(tensor, size.width * size.height);
  const interleaved = isInterleaved(tensor);
  for (let row = 0; row < place.height; row++) {
    const from = (top + row) * size.width + left;
    const to = start + row * stride;
    if (interleaved) {
      decode(values, from * 3, 1, data, to, 1, place.width * 3, range, rounding);
      continue;
    }
    for (const colour of channels === 1 ? colours : COLOURS) {
      const plane = planes.at(channels === 1 ? 0 : colour);
      const first = plane + from * planes.step;
      decode(values, first, planes.step, data, to + colour, 3, place.width, range, rounding);
    }
  }
}

/** Copies what stands in the tensor `values` as `fromTensor` does, where its values are samples already. */
export function copyTensor(
  { values, size, left, top }: TensorPart & { values: Uint8Array },
  place: Rect,
  { data, width, top: held = 0 }: Samples,
): void {
  for (let row = 0; row < place.height; row++) {
    const from = ((top + row) * size.width + left) * 3;
    const to = ((place.y - held + row) * width + place.x) * 3;
    data.set(values.subarray(from, from + place.width * 3), to);
  }
}

/** The level of white, and what is added so that what is stored as an integer is rounded. */
interface Rounding {
  most: number;
  half: number;
}

function decode(
  values: TensorArray,
  from: number,
  step: number,
  samples: SampleArray | Float32Array,
  to: number,
  toStep: number,
  count: number,
  [black, white]: TensorLayout['range'],
  { most, half }: Rounding,
): void {
  const span = white - black;
  for (let index = 0, source = from, target = to; index < count; index++) {
    const sample = (((values[source] as number) - black) / span) * most + half;
    samples[target] = Math.min(Math.max(0, sample), most);
    source += step;
    target += toStep;
  }
}
