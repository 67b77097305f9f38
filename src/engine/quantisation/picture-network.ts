import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { inputArea } from '../../shared/network-geometry.ts';
import type { SessionSpec } from '../../shared/plan.ts';
import { Arrays } from '../inference/arrays.ts';
import { enlargeTile, inputTensor } from '../inference/enlarge-tile.ts';
import { gatherArea } from '../inference/gather.ts';
import { feedsFor } from '../inference/infer.ts';
import { layoutOf } from '../inference/tensor-layout.ts';
import type { TileNetwork } from '../inference/tile-network.ts';
import type { SharedFrame } from '../inference/tile-runner.ts';

/** Eight-bit RGB, interleaved, rows without gaps. */
export interface Raster {
  data: Uint8Array;
  width: number;
  height: number;
}

/** How a network takes and gives pictures. */
export interface PictureShape extends TileNetwork {
  dtype: SessionSpec['dtype'];
  /** Values of black and white; the usual ones of `dtype` where absent. */
  range?: SessionSpec['range'];
}

const CHANNELS = 3;

/** Where networks of one channel look for what is in a picture: luma is nearest to green. */
const GREEN = 1;

/**
 * What `session` is given for `picture`, reflected beyond its borders as far as the network looks. `strength` is 0..1, for
 * networks that have one; their own default where it is absent.
 */
export function feedsOf(
  session: InferenceSession,
  picture: Raster,
  shape: PictureShape,
  strength = shape.strength,
): Record<string, Tensor> {
  const { width, height } = picture;
  const area = inputArea({ x: 0, y: 0, width, height }, shape);
  const samples = new Uint8Array(area.width * area.height * CHANNELS);
  gatherArea(picture, area, samples);
  const tensor = layoutOf(shape, shape.network);
  return feedsFor(
    session,
    inputTensor(samples, tensor, tensor.channels === 1 ? GREEN : 0, area, new Arrays()),
    shape.network,
    strength,
  );
}

/** What the network of `session` makes of `picture`, in bytes. */
export async function enlarge(
  session: InferenceSession,
  picture: Raster,
  shape: PictureShape,
): Promise<Raster> {
  const { width, height, data } = picture;
  const source = frameOf(width, height);
  new Uint8Array(source.buffer).set(data);
  const result = frameOf(width * shape.scale, height * shape.scale);
  const work = { ...shape, source, result, tile: { x: 0, y: 0, width, height } };
  await enlargeTile(session, shape.dtype, work, new Arrays());
  return { data: new Uint8Array(result.buffer), width: result.width, height: result.height };
}

function frameOf(width: number, height: number): SharedFrame {
  const buffer = new SharedArrayBuffer(width * height * CHANNELS);
  return { buffer, offset: 0, width, height, deep: false };
}

/** The values that an input of the network can take, whether or not the pictures at hand did: its lowest and its highest. */
export function inputRange(name: string, { range, network }: PictureShape): [number, number] {
  const { strength } = network ?? {};
  const [low, high] = strength?.input === name ? [strength.from, strength.to] : (range ?? [0, 1]);
  return [Math.min(low, high), Math.max(low, high)];
}
