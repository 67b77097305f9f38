import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';
import { gatherTile } from '../inference/gather.ts';
import { runSession } from './session.ts';

/** Eight-bit RGB, interleaved, rows without gaps. */
export interface Raster {
  data: Uint8Array;
  width: number;
  height: number;
}

/** How a network takes and gives pictures. */
export interface PictureShape {
  layout: 'NHWC' | 'NCHW';
  /** Bytes, or values in 0..1. */
  dtype: 'uint8' | 'float32';
  scale: number;
  /** Pixels that the result is short of on each side. */
  radius: number;
  /** Height and width of the input, where they are fixed. */
  fixed: readonly [height: number, width: number] | undefined;
}

const CHANNELS = 3;

/** Sides of the pictures that a network is tried with; the larger ones for networks that look far around. */
const TRIALS = [
  [64, 96],
  [192, 256],
] as const;

/** Finds out how the network of `session` takes and gives pictures, by trying it. Throws `model-invalid`, naming `file`. */
export async function learnShape(session: InferenceSession, file: string): Promise<PictureShape> {
  const [input] = session.inputMetadata;
  const dims = input?.isTensor ? input.shape : [];
  const dtype = input?.isTensor ? input.type : undefined;
  const layout = dims[3] === CHANNELS ? 'NHWC' : dims[1] === CHANNELS ? 'NCHW' : undefined;
  if (session.inputNames.length !== 1 || !layout || (dtype !== 'uint8' && dtype !== 'float32')) {
    throw misfit(file, 'its input is not one RGB picture of uint8 or float32');
  }
  const [height, width] = layout === 'NHWC' ? [dims[1], dims[2]] : [dims[2], dims[3]];
  const shape = { layout, dtype, scale: 1, radius: 0, fixed: undefined } as const;
  if (typeof height === 'number' && typeof width === 'number') {
    const fixed = [height, width] as const;
    const side = await resultSide(session, { ...shape, fixed }, height, file);
    return { ...shape, fixed, scale: wholeScale(side / height, file) };
  }
  for (const [small, large] of TRIALS) {
    const sides = [];
    for (const side of [small, large])
      sides.push(await resultSide(session, shape, side, file).catch(() => 0));
    const [a = 0, b = 0] = sides;
    if (a === 0 || b === 0) continue;
    const scale = wholeScale((b - a) / (large - small), file);
    const radius = (small - a / scale) / 2;
    if (!Number.isInteger(radius) || radius < 0) throw misfit(file, 'its result is of an unexpected size');
    return { ...shape, scale, radius };
  }
  // Once more, for what it fails with.
  await resultSide(session, shape, TRIALS[0][0], file);
  throw misfit(file, 'its result is of an unexpected size');
}

/** The height of what comes out for a black picture. */
async function resultSide(
  session: InferenceSession,
  shape: PictureShape,
  side: number,
  file: string,
): Promise<number> {
  const [height, width] = shape.fixed ?? [side, side];
  const black = { data: new Uint8Array(height * width * CHANNELS), width, height };
  const output = await firstOutput(session, inputFor(black, { ...shape, radius: 0 }), file);
  return Number(shape.layout === 'NHWC' ? output.dims[1] : output.dims[2]);
}

function wholeScale(scale: number, file: string): number {
  if (Number.isInteger(scale) && scale >= 1) return scale;
  throw misfit(file, `it enlarges ${scale} times, which is no whole number`);
}

/** `picture`, reflected beyond its borders as far as the network looks, as its input. */
export function inputFor(picture: Raster, { layout, dtype, radius }: PictureShape): Tensor {
  const { width, height } = picture;
  const [wide, high] = [width + 2 * radius, height + 2 * radius];
  const bytes = new Uint8Array(wide * high * CHANNELS);
  gatherTile(picture, { x: 0, y: 0, width, height }, radius, bytes);
  const planes = layout === 'NCHW' ? toPlanes(bytes) : bytes;
  const dims = layout === 'NCHW' ? [1, CHANNELS, high, wide] : [1, high, wide, CHANNELS];
  if (dtype === 'uint8') return new Tensor('uint8', planes, dims);
  return new Tensor(
    'float32',
    Float32Array.from(planes, (level) => level / 255),
    dims,
  );
}

/** What the network of `session` makes of `picture`, in bytes. */
export async function enlarge(
  session: InferenceSession,
  picture: Raster,
  shape: PictureShape,
  file: string,
): Promise<Raster> {
  const output = await firstOutput(session, inputFor(picture, shape), file);
  const [width, height] = [picture.width * shape.scale, picture.height * shape.scale];
  const values = output.data as Uint8Array | Float32Array;
  if (values.length !== width * height * CHANNELS) throw misfit(file, 'its result is of an unexpected size');
  const bytes = values instanceof Uint8Array ? values : Uint8Array.from(values, toLevel);
  return { data: shape.layout === 'NCHW' ? toPixels(bytes) : bytes, width, height };
}

async function firstOutput(session: InferenceSession, input: Tensor, file: string): Promise<Tensor> {
  const outputs = await runSession(session, input, file);
  return outputs[session.outputNames[0] as string] as Tensor;
}

const toLevel = (value: number) => Math.round(255 * Math.min(1, Math.max(0, value)));

function toPlanes(pixels: Uint8Array): Uint8Array {
  const area = pixels.length / CHANNELS;
  return pixels.map((_, index) => pixels[(index % area) * CHANNELS + Math.floor(index / area)] as number);
}

function toPixels(planes: Uint8Array): Uint8Array {
  const area = planes.length / CHANNELS;
  return planes.map((_, index) => planes[(index % CHANNELS) * area + Math.floor(index / CHANNELS)] as number);
}

function misfit(file: string, why: string): EnlargerError {
  const message = `${file}: this model cannot be quantised (${why}).`;
  return new EnlargerError('model-invalid', message, { file });
}
