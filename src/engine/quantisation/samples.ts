import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { fittingTile } from '../../shared/network-geometry.ts';
import { decodeError } from '../codec/libvips.ts';
import { openForScreen } from '../codec/preview.ts';
import { probe } from '../codec/probe.ts';
import type { PictureShape, Raster } from './picture-network.ts';

/** A piece of a picture, and what a network is to make the piece of. */
export interface Sample {
  low: Raster;
  truth: Raster;
}

/** Samples for three purposes; what is measured last has been used for nothing before. */
export interface Samples {
  /** For the ranges of activations. */
  calibrate: Sample[];
  /** For choosing between one way and another. */
  select: Sample[];
  /** For the figures that are reported. */
  check: Sample[];
  /** Pictures that could not be read, or are too small. */
  problems: EnlargerError[];
}

type Purpose = 'calibrate' | 'select' | 'check';

/** Purposes in turn. */
const TURNS: readonly Purpose[] = ['calibrate', 'select', 'calibrate', 'check'];

/** With so many pictures each serves one purpose; of fewer, each serves all, and every sample one. */
const MANY_PICTURES = 2 * TURNS.length;

/** Samples in all, and sides of one in pixels of `low`. */
const COUNT = 32;
const LARGEST_SIDE = 96;
const SMALLEST_SIDE = 24;

/**
 * How pictures are spoilt for networks that mend and do not enlarge, in turns: compressed, or with noise in levels. Of strong
 * noise such networks see values far beyond all others.
 */
const JPEG_QUALITY = 40;
const SPOILT_BY = ['jpeg', 15, 'jpeg', 50] as const;
type Damage = (typeof SPOILT_BY)[number];

export interface SampleOptions {
  shape: PictureShape;
  /** Beginning of the names of scratch files. */
  scratch: string;
  onSample(done: number, total: number): void;
}

/**
 * Cuts samples out of pictures spread over `files`, and makes each smaller by the scale of the network, which then is
 * to bring it back. Pictures that cannot be read are left out. Throws `bad-argument` if too few are left.
 */
export async function readSamples(
  files: readonly string[],
  { shape, scratch, onSample }: SampleOptions,
): Promise<Samples> {
  const samples: Samples = { calibrate: [], select: [], check: [], problems: [] };
  let chosen = spread(files, COUNT);
  for (let index = 0; index < COUNT && chosen.length > 0; index++) {
    const file = chosen[index % chosen.length] as string;
    const round = Math.floor(index / chosen.length);
    try {
      const place = index % chosen.length;
      const turn = chosen.length < MANY_PICTURES ? place + round : place;
      const same = samples[TURNS[turn % TURNS.length] as Purpose];
      // Each purpose sees all kinds of damage.
      const damage = SPOILT_BY[same.length % SPOILT_BY.length] ?? 'jpeg';
      same.push(await readSample(file, { round, damage, shape, scratch: `${scratch}-${index}` }));
    } catch (error) {
      samples.problems.push(asEnlargerError(error, 'decode-failed', { file }));
      chosen = chosen.filter((each) => each !== file);
      // What has been read stays; the others take the place of this one.
      index -= 1;
    }
    onSample(index + 1, COUNT);
  }
  if (samples.select.length > 0 && samples.check.length > 0 && samples.calibrate.length > 0) return samples;
  const why = samples.problems[0] ? ` The first that could not be used: ${samples.problems[0].message}` : '';
  throw new EnlargerError(
    'bad-argument',
    `There are no pictures to calibrate with. Name a folder with a few photographs.${why}`,
  );
}

/** At most `count` of `all`, at equal distances. */
function spread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] as T);
}

async function readSample(
  file: string,
  { round, damage, shape, scratch }: { round: number; damage: Damage; shape: PictureShape; scratch: string },
): Promise<Sample> {
  try {
    const { format, width, height } = await probe(file);
    const { scale } = shape;
    const [high, wide] = sidesWithin(width, height, shape);
    if (Math.min(high, wide) < SMALLEST_SIDE) {
      const message = `${file}: is too small (${width}×${height}) to take a sample from.`;
      throw new EnlargerError('unsupported-format', message, { file });
    }
    const { picture, upright } = await openForScreen(file, format, scratch);
    const place = {
      left: placeAlong(width - wide * scale, round, 0.618),
      top: placeAlong(height - high * scale, round, 0.755),
      width: wide * scale,
      height: high * scale,
    };
    const cut = (upright ? picture : picture.autoOrient()).extract(place).removeAlpha().toColourspace('srgb');
    const truth = await rasterOf(cut);
    return { low: await spoilt(truth, scale, damage, `${scratch}.jpg`), truth };
  } catch (error) {
    throw decodeError(error, file);
  } finally {
    await Promise.all(['.v', '.carrier.v', '.jpg'].map((end) => rm(`${scratch}${end}`, { force: true })));
  }
}

function sidesWithin(
  width: number,
  height: number,
  { scale, radius, network }: PictureShape,
): [number, number] {
  const most = fittingTile({ width: LARGEST_SIDE, height: LARGEST_SIDE }, radius, network);
  const within = (side: number, length: number) => Math.min(side, Math.floor(length / scale));
  return [within(most.height, height), within(most.width, width)];
}

/** Somewhere in 0..room, for each round elsewhere: steps by an irrational share never come back. */
function placeAlong(room: number, round: number, share: number): number {
  return Math.floor(room * ((0.5 + round * share) % 1));
}

/**
 * The picture as the network is to find it: smaller by its scale, or, for those that only mend, damaged: with noise, or
 * compressed in the file `compressed`.
 */
async function spoilt(truth: Raster, scale: number, damage: Damage, compressed: string): Promise<Raster> {
  const { data, width, height } = truth;
  const opened = sharp(data, { raw: { width, height, channels: 3 } });
  if (scale === 1) {
    if (damage !== 'jpeg') return { ...truth, data: noisy(data, damage) };
    await opened.jpeg({ quality: JPEG_QUALITY }).toFile(compressed);
    return rasterOf(sharp(compressed));
  }
  const size = { width: width / scale, height: height / scale };
  return rasterOf(opened.resize({ ...size, kernel: 'cubic', fit: 'fill' }));
}

/** `data` with normally distributed noise of `deviation` levels, the same each time. Source: G. Marsaglia, "Xorshift RNGs", 2003; Box and Muller. */
function noisy(data: Uint8Array, deviation: number): Uint8Array {
  let state = 2_463_534_242;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 1) / (2 ** 32 + 1);
  };
  return data.map((level) => {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    return Math.min(255, Math.max(0, Math.round(level + deviation * normal)));
  });
}

async function rasterOf(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels === 3) return { data, width, height };
  throw new EnlargerError('decode-failed', `A sample has ${channels} channels, where 3 were expected.`);
}

/** Where the scratch files of samples begin. */
export const sampleScratch = (folder: string) => join(folder, 'sample');
