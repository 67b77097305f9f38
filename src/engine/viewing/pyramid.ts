import { rm, stat } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { SQUARE_SIDE } from '../../shared/contract/media.ts';
import type { Probe } from '../../shared/engine-protocol.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { reducedSize, type SquarePlace, squareRect } from '../../shared/squares.ts';
import { decodeError, decodeSeconds } from '../codec/libvips.ts';
import { openForScreen } from '../codec/preview.ts';
import { expectRoom } from '../codec/scratch-room.ts';

/**
 * A picture as it is looked at: upright, sRGB, eight bits, in scratch files, at every level from `from` on until a square
 * holds the whole of it.
 */
export interface Pyramid {
  /** Pixels of the picture itself. */
  width: number;
  height: number;
  alpha: boolean;
  from: number;
  /** Where each level lies: a page of a tiled TIFF. */
  levels: { file: string; page: number }[];
  /** Of all files. */
  bytes: number;
}

/** Pixels that a level may have where a narrow picture is filled up to whole pixels of its smallest level. */
const LARGEST_FILLED = 64e6;

/** Uncompressed: packing takes longer than reading what it saves, and squares are packed once more anyway. */
const UNPACKED = { compression: 'none', bigtiff: true } as const;
const TILED = { ...UNPACKED, tile: true, tileWidth: SQUARE_SIDE, tileHeight: SQUARE_SIDE } as const;

/**
 * Makes the levels of `source` from `from` on, in files that begin with `scratch`. A level from above 0 is decoded
 * no larger than need be, where the format allows. Throws typed errors that name `source`, nothing left behind.
 */
export async function makePyramid(
  source: string,
  facts: Probe,
  from: number,
  scratch: string,
): Promise<Pyramid> {
  const { width, height } = facts;
  const top = topLevel(facts);
  const first = reducedSize(facts, from);
  const filled = filledSize(facts, from, top);
  if (filled.width * filled.height > Math.max(2 * first.width * first.height, LARGEST_FILLED)) {
    const message = `${source}: too narrow to be looked at closely.`;
    throw new EnlargerError('too-large', message, { file: source });
  }
  const made: string[] = [];
  const file = (level: number) => {
    const path = `${scratch}.${level}.tif`;
    made.push(path);
    return path;
  };
  try {
    await expectRoom(scratch, Math.ceil(1.34 * filled.width * filled.height * (facts.alpha ? 4 : 3)), source);
    const { picture, upright } = await openForScreen(source, facts.format, scratch);
    let shown = upright ? picture : picture.autoOrient();
    if (from > 0) shown = shown.resize({ ...first, fit: 'fill' });
    if (!facts.alpha) shown = shown.removeAlpha();
    const [right, bottom] = [filled.width - first.width, filled.height - first.height];
    if (right > 0 || bottom > 0) shown = shown.extend({ right, bottom, extendWith: 'copy' });
    shown = shown.toColourspace('srgb').timeout({ seconds: decodeSeconds(facts) });
    const base = file(from);
    const pyramid = !facts.alpha;
    // libvips does not read a tile that is much larger than its picture.
    const { channels } = await shown.tiff(top > 0 ? { ...TILED, pyramid } : UNPACKED).toFile(base);
    const levels = [{ file: base, page: 0 }];
    for (let level = from + 1; level <= top; level++) {
      const above = levels.at(-1) as { file: string };
      const next = pyramid ? { file: base, page: level - from } : { file: file(level), page: 0 };
      if (!pyramid) await halve(above.file, filledSize(facts, level, top), next.file);
      levels.push(next);
    }
    const sizes = await Promise.all(made.map(async (path) => (await stat(path)).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return { width, height, alpha: channels === 4, from, levels, bytes };
  } catch (error) {
    await Promise.all(made.map((path) => rm(path, { force: true })));
    throw decodeError(error, source);
  } finally {
    await Promise.all([`${scratch}.v`, `${scratch}.carrier.v`].map((path) => rm(path, { force: true })));
  }
}

/** Makes the next level of a picture with transparency. sharp weighs colours by it; the levels that a TIFF makes do not. */
async function halve(from: string, size: { width: number; height: number }, to: string): Promise<void> {
  await openScratch(from)
    .resize({ ...size, fit: 'fill', kernel: 'linear' })
    .tiff(TILED)
    .toFile(to);
}

const openScratch = (file: string, page = 0): Sharp => sharp(file, { page, limitInputPixels: false });

export async function removePyramid({ levels }: Pyramid): Promise<void> {
  const files = new Set(levels.map(({ file }) => file));
  await Promise.all([...files].map((file) => rm(file, { force: true })));
}

/** A square of it, uncoded; undefined beyond the picture. Its level is one of `from` and above. */
export function openSquare(pyramid: Pyramid, place: SquarePlace): Sharp | undefined {
  const rect = squareRect(pyramid, place);
  if (!rect) return undefined;
  const last = pyramid.from + pyramid.levels.length - 1;
  const level = Math.min(place.level, last);
  const { file, page } = pyramid.levels[level - pyramid.from] as Pyramid['levels'][number];
  const opened = openScratch(file, page);
  // Above the last level a square is the whole picture.
  const region = level === place.level ? rect : { x: 0, y: 0, ...reducedSize(pyramid, level) };
  const square = opened.extract({
    left: region.x,
    top: region.y,
    width: region.width,
    height: region.height,
  });
  const { width, height } = rect;
  return level === place.level ? square : square.resize({ width, height, fit: 'fill' });
}

/** The first level at which one square holds the whole picture. */
function topLevel(size: { width: number; height: number }): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(size.width, size.height) / SQUARE_SIDE)));
}

/** A level's size filled up so that it can be halved exactly down to the level `top`. */
function filledSize(size: { width: number; height: number }, level: number, top: number) {
  const smallest = reducedSize(size, top);
  const factor = 2 ** Math.max(0, top - level);
  return { width: smallest.width * factor, height: smallest.height * factor };
}
