import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import sharp from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';
import { reducedSize, type SquarePlace, squareRect } from '../../shared/squares.ts';
import { intersection, type Rect } from '../../shared/tiles.ts';
import { metadataBytes, type OpenCarrier, openCarrier } from '../codec/metadata/carrier-file.ts';
import { hasAlpha } from '../codec/planes.ts';
import type { RawSize } from '../codec/raw-tiff.ts';
import { resizedHeader } from '../codec/vips-frame.ts';
import { newSamples, readResult } from './read-result.ts';
import { type Patch, reduceInto } from './reduce.ts';
import type { ResultView } from './result-in-work.ts';
import { type SquareFacts, writeSquare } from './write-square.ts';

export interface ResultSquareWork {
  view: ResultView;
  /** Parts of the result that can be read, in its pixels. */
  done: readonly Rect[];
  place: SquarePlace;
  target: string;
}

type Picture = Required<Patch>;

interface Known {
  carrier: OpenCarrier;
  /** All of the result, reduced to `OVERVIEW_LEVEL`, as far as it was done when it was last looked at. */
  overview?: Picture;
  /** Which done parts the overview has. */
  reduced: Set<string>;
}

/** From this level on squares are made from the overview: it is filled once, and reading the samples would take ever longer. */
const OVERVIEW_LEVEL = 3;
/** Rows that are read at once; a multiple of what one pixel of the overview stands for. */
const ROWS = 64;

/** Squares of results in work: what of them is done, in the colours of the screen, on nothing. */
export class ResultSquares {
  readonly #scratch: string;
  readonly #known = new Map<number, Promise<Known>>();
  #files = 0;

  /** `scratch`: the folder for scratch files. */
  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  /** Throws `not-found` beyond the result. */
  async square({ view, done, place, target }: ResultSquareWork): Promise<SquareFacts> {
    const rect = squareRect(view.size, place);
    if (!rect) throw new EnlargerError('not-found', 'There is no such square of this result.');
    const known = await this.#knownOf(view);
    const region = times(rect, 2 ** place.level);
    const parts = done.filter((part) => intersection(part, region));
    const square = emptyPicture(rect, view.size);
    if (place.level < OVERVIEW_LEVEL) {
      for (const part of parts) await reducePart(view, intersection(part, region), place.level, square);
    } else {
      const overview = await overviewOf(known, view, parts);
      reduceInto(overview, 2 ** (place.level - OVERVIEW_LEVEL), square);
    }
    return this.#write(square, known.carrier, target);
  }

  /** Nobody looks at this result any more. */
  forget(key: number): void {
    this.#known.delete(key);
  }

  #knownOf({ key, carrier }: ResultView): Promise<Known> {
    let known = this.#known.get(key);
    if (!known) {
      known = openCarrier(carrier).then((opened) => ({ carrier: opened, reduced: new Set() }));
      this.#known.set(key, known);
      known.catch(() => this.#known.delete(key));
    }
    return known;
  }

  /** Through a frame of libvips' own, whose metadata say what colours these are. */
  async #write(square: Picture, carrier: OpenCarrier, target: string): Promise<SquareFacts> {
    const { samples, covered, bands, rect } = square;
    const { width, height } = rect;
    const frame = join(this.#scratch, `square-${this.#files++}.v`);
    try {
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      const header = resizedHeader(carrier.header, width, height);
      await writeFile(frame, Buffer.concat([header, bytes, metadataBytes(carrier)]));
      const shown = sharp(frame).toColourspace('srgb');
      const all = covered.every((there) => there === 1);
      if (all) return await writeSquare(shown, target, { alpha: hasAlpha(bands), lasting: false });
      const data = await shown.ensureAlpha().raw({ depth: 'uchar' }).toBuffer();
      for (const [pixel, there] of covered.entries()) if (there === 0) data[4 * pixel + 3] = 0;
      const partly = sharp(data, { raw: { width, height, channels: 4 } });
      return await writeSquare(partly, target, { alpha: true, lasting: false });
    } finally {
      await rm(frame, { force: true });
    }
  }
}

/** The overview with these parts of the result in it. */
async function overviewOf(known: Known, view: ResultView, parts: readonly Rect[]): Promise<Picture> {
  const size = reducedSize(view.size, OVERVIEW_LEVEL);
  known.overview ??= emptyPicture({ x: 0, y: 0, ...size }, view.size);
  for (const part of parts) {
    const name = `${part.x},${part.y}`;
    if (known.reduced.has(name)) continue;
    await reducePart(view, part, OVERVIEW_LEVEL, known.overview);
    known.reduced.add(name);
  }
  return known.overview;
}

async function reducePart(
  view: ResultView,
  part: Rect | undefined,
  level: number,
  to: Picture,
): Promise<void> {
  for (const rect of part ? strips(part) : []) {
    const samples = await readResult(view, rect);
    reduceInto({ rect, samples, bands: view.size.bands }, 2 ** level, to);
    // Others on this thread get their turn.
    await setImmediate();
  }
}

/** A rectangle in pieces that are cut where no reduced pixel is. */
function* strips({ x, y, width, height }: Rect): Generator<Rect> {
  for (let top = y; top < y + height; ) {
    const next = Math.min(y + height, (Math.floor(top / ROWS) + 1) * ROWS);
    yield { x, y: top, width, height: next - top };
    top = next;
  }
}

function emptyPicture(rect: Rect, { bands, deep }: RawSize): Picture {
  const pixels = rect.width * rect.height;
  const samples = newSamples({ deep }, pixels * bands);
  return { rect, samples, bands, covered: new Uint8Array(pixels) };
}

const times = ({ x, y, width, height }: Rect, factor: number): Rect => ({
  x: x * factor,
  y: y * factor,
  width: width * factor,
  height: height * factor,
});
