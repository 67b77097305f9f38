import type { NetworkConventions } from '../../shared/network.ts';
import type { SessionSpec } from '../../shared/plan.ts';
import type { SampleArray } from './gather.ts';

/** Between samples of pictures, RGB interleaved in 8 or 16 bits, and the values of a network's tensors. */

export type TensorArray = Uint8Array | Float32Array;

/** How the values of a tensor stand for a picture. */
export interface TensorLayout {
  dtype: SessionSpec['dtype'];
  /** Values of black and white. */
  range: readonly [black: number, white: number];
  layout: NetworkConventions['layout'];
  channels: NetworkConventions['channels'];
  order: NetworkConventions['channelOrder'];
}

export interface Size {
  width: number;
  height: number;
}

export const COLOURS = [0, 1, 2] as const;
/** Red, green or blue. */
export type Colour = (typeof COLOURS)[number];

const RANGES = { uint8: [0, 255], float32: [0, 1] } as const;

export function layoutOf(
  { dtype, range }: Pick<SessionSpec, 'dtype' | 'range'>,
  network: NetworkConventions | undefined,
): TensorLayout {
  const { layout = 'NHWC', channels = 3, channelOrder: order = 'RGB' } = network ?? {};
  return { dtype, range: range ?? RANGES[dtype], layout, channels, order };
}

/** Whether 8-bit samples are the values of such a tensor, in their order. */
export function isPlain({ dtype, range: [black, white], ...layout }: TensorLayout): boolean {
  return dtype === 'uint8' && black === 0 && white === 255 && isInterleaved(layout);
}

export const isInterleaved = ({
  layout,
  channels,
  order,
}: Pick<TensorLayout, 'layout' | 'channels' | 'order'>) =>
  layout === 'NHWC' && channels === 3 && order === 'RGB';

export function dimsOf({ width, height }: Size, { layout, channels }: TensorLayout): number[] {
  return layout === 'NHWC' ? [1, height, width, channels] : [1, channels, height, width];
}

/** Writes all of `samples` into the tensor `into`; only `colour` of them, where it has one channel. */
export function toTensor(
  samples: SampleArray,
  tensor: TensorLayout,
  colour: Colour,
  into: TensorArray,
): void {
  const pixels = samples.length / 3;
  const { channels, range } = tensor;
  if (isInterleaved(tensor)) {
    encode(samples, 0, 1, into, 0, 1, samples.length, range);
    return;
  }
  if (channels === 1) {
    encode(samples, colour, 3, into, 0, 1, pixels, range);
    return;
  }
  const planes = planesOf(tensor, pixels);
  for (const each of COLOURS) encode(samples, each, 3, into, planes.at(each), planes.step, pixels, range);
  if (channels === 4) fill(into, planes.at(3), planes.step, pixels, range[1]);
}

/** Where the first value of a channel stands, and how far it is to the next. Alpha, 3, is always the last. */
export function planesOf({ layout, channels, order }: TensorLayout, pixels: number) {
  const turned = order === 'BGR' && channels > 1;
  const index = (channel: number) => (turned && channel < 3 ? 2 - channel : channel);
  return layout === 'NHWC'
    ? { at: index, step: channels }
    : { at: (channel: number) => index(channel) * pixels, step: 1 };
}

export const whiteOf = (samples: SampleArray) => (samples instanceof Uint16Array ? 65_535 : 255);

function encode(
  samples: SampleArray,
  from: number,
  step: number,
  into: TensorArray,
  to: number,
  toStep: number,
  count: number,
  [black, white]: TensorLayout['range'],
): void {
  const most = whiteOf(samples);
  const span = white - black;
  // What is stored as a byte loses its fraction.
  const half = into instanceof Uint8Array ? 0.5 : 0;
  for (let index = 0, source = from, target = to; index < count; index++) {
    into[target] = black + ((samples[source] as number) / most) * span + half;
    source += step;
    target += toStep;
  }
}

function fill(into: TensorArray, to: number, step: number, count: number, value: number): void {
  for (let index = 0, target = to; index < count; index++, target += step) into[target] = value;
}
