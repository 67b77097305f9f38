import { fittingTile } from '../../shared/network-geometry.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { planTiles } from '../../shared/tiles.ts';
import type { TileNetwork } from './tile-network.ts';
import type { SharedFrame, TileRunner } from './tile-runner.ts';

/** Side of the built-in picture in pixels, and how often it is enlarged; the best time counts. */
const SIDE = 96;
const RUNS = 3;
/** Milliseconds after which it is not enlarged again: a device so slow is known well enough. */
const LONG = 2_000;
const CHANNELS = 3;
const NO_FLAG = { flags: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT), flag: 0 };

export interface Candidate {
  spec: SessionSpec;
  /** The ONNX file, its hash checked. */
  model: SharedArrayBuffer;
}

export interface Comparison {
  /** PSNR of the candidate's result against the reference's in dB, all channels; 99 if they are equal. */
  psnr: number;
  /** The largest difference between two samples, in levels of 0..255. */
  worst: number;
  /** Milliseconds for the built-in picture. */
  reference: number;
  candidate: number;
}

/**
 * Enlarges a built-in picture with two sessions of one model: does the candidate compute the same on this
 * machine, and is it faster? Products of eight bits overflow on some processors, and only trying tells.
 */
export async function compareSessions(
  runner: TileRunner,
  reference: Candidate,
  candidate: Candidate,
  network: TileNetwork,
): Promise<Comparison> {
  const source = frameOf(SIDE);
  new Uint8Array(source.buffer).set(testPicture(SIDE));
  const measured = [];
  for (const { spec, model } of [reference, candidate]) {
    // A session of its own: a batch may load, use and release the one of the same weights meanwhile.
    const session = `self-test/${sessionKey(spec)}`;
    await runner.load(spec, new Uint8Array(model).slice(), session);
    try {
      measured.push(await enlarge(runner, { session, range: spec.range, ...network }, source));
    } finally {
      await runner.unload(session);
    }
  }
  const [a, b] = measured as [(typeof measured)[0], (typeof measured)[0]];
  return {
    psnr: psnr(a.pixels, b.pixels),
    worst: worst(a.pixels, b.pixels),
    reference: a.milliseconds,
    candidate: b.milliseconds,
  };
}

/** The picture enlarged, and the best time. */
async function enlarge(
  runner: TileRunner,
  work: TileNetwork & { session: string; range: SessionSpec['range'] },
  source: SharedFrame,
) {
  const { scale, radius, network } = work;
  const result = frameOf(SIDE * scale);
  const largest = fittingTile({ width: SIDE, height: SIDE }, radius, network);
  const tiles = planTiles(SIDE, SIDE, largest, network?.multiple);
  const times: number[] = [];
  const begun = performance.now();
  for (let run = 0; run < RUNS && (run === 0 || performance.now() - begun < LONG); run++) {
    let time = 0;
    for (const tile of tiles) {
      // How tiles meet is the same for both.
      const { inference } = await runner.run({ ...work, blend: 0, source, result, tile, ...NO_FLAG });
      time += inference;
    }
    times.push(time);
  }
  return { pixels: new Uint8Array(result.buffer), milliseconds: Math.min(...times) };
}

function frameOf(side: number): SharedFrame {
  const buffer = new SharedArrayBuffer(side * side * CHANNELS);
  return { buffer, offset: 0, width: side, height: side, deep: false };
}

/**
 * Rings that grow finer outwards over a slope, each channel shifted: every frequency, direction and
 * brightness, dark and bright ends included.
 */
export function testPicture(side: number): Uint8Array {
  const pixels = new Uint8Array(side * side * CHANNELS);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = (x * x + y * y) / side;
      for (let channel = 0; channel < CHANNELS; channel++) {
        const ring = Math.cos(distance * 0.9 + channel);
        const slope = (x + y) / (2 * side);
        pixels[(y * side + x) * CHANNELS + channel] = Math.round(255 * (0.5 * slope + 0.25 * (1 + ring)));
      }
    }
  }
  return pixels;
}

/** Peak signal-to-noise ratio of two equally long pictures of bytes, in dB; 99 if they are equal. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += ((a[index] as number) - (b[index] as number)) ** 2;
  return sum === 0 ? 99 : 10 * Math.log10(255 ** 2 / (sum / a.length));
}

function worst(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - (b[index] as number))), 0);
}
