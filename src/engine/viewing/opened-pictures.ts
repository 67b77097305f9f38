import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Probe } from '../../shared/engine-protocol.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { SquarePlace } from '../../shared/squares.ts';
import { decodeError } from '../codec/libvips.ts';
import { probe } from '../codec/probe.ts';
import { LatestFirst } from './latest-first.ts';
import { makePyramid, openSquare, type Pyramid, removePyramid } from './pyramid.ts';
import { type SquareFacts, writeSquare } from './write-square.ts';

interface OpenedPicture {
  facts: Promise<Probe>;
  /** The levels that a first look at all of it needs, and all levels; each is made when it is asked for. */
  overview?: Promise<Pyramid> | undefined;
  whole?: Promise<Pyramid> | undefined;
  /** What has been made of it. */
  made: Pyramid[];
  /** Squares that are being made of it. */
  users: number;
}

export interface OpenedLimits {
  /** Pictures that are kept. */
  pictures: number;
  /** Bytes of all their scratch files; a single picture may have more. */
  bytes: number;
}

/** Share of what the disk has left beside other files that is kept for pictures: the batch needs room there, too. */
const DISK_SHARE = 0.25;

const LIMITS: OpenedLimits = { pictures: 12, bytes: 4e9 };

/** Longest side of the first look, in pixels: a screen is hardly larger. */
const OVERVIEW_SIDE = 1536;
/** Formats that are decoded in a fraction of the time where they are not wanted at their full size. */
const SHRUNK_WHILE_DECODED = new Set(['jpeg', 'webp']);
/** Squares that are encoded at once: the batch needs libuv's threads, too. */
const AT_ONCE = 2;

/**
 * Pictures that are looked at closely. Each is decoded once, into scratch files, and squares are cut from
 * these. The least recently looked at go first.
 */
export class OpenedPictures {
  readonly #scratch: string;
  readonly #limits: OpenedLimits;
  /** The one that was looked at last is the last. */
  readonly #opened = new Map<string, OpenedPicture>();
  // A large picture keeps no other's first look waiting.
  readonly #overviews = new LatestFirst();
  readonly #wholes = new LatestFirst();
  readonly #squares = new LatestFirst(AT_ONCE);
  #files = 0;

  /** `scratch`: the folder for scratch files; whoever ends the engine removes it. */
  constructor(scratch: string, limits = LIMITS) {
    this.#scratch = scratch;
    this.#limits = limits;
  }

  /** Writes a square of `source` to `target`. Throws `not-found` beyond the picture, and typed errors that name `source`. */
  async square(source: string, place: SquarePlace, target: string): Promise<SquareFacts> {
    const picture = await this.#open(source);
    try {
      const pyramid = await this.#pyramidFor(picture, source, place.level);
      const square = openSquare(pyramid, place);
      if (!square) throw beyond(source, place);
      const { alpha } = pyramid;
      return await this.#squares.run(() => writeSquare(square, target, { alpha, lasting: true }));
    } finally {
      picture.users -= 1;
      await this.#makeRoom();
    }
  }

  /** What is known of the bytes that are there now, whatever they were called. In use before it can be removed. */
  async #open(source: string): Promise<OpenedPicture> {
    const { dev, ino, size, mtimeNs } = await stat(source, { bigint: true }).catch((error: unknown) => {
      const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      throw missing ? gone(source, error) : decodeError(error, source);
    });
    const identity = [dev, ino, size, mtimeNs].join(':');
    const picture = this.#opened.get(identity) ?? { facts: probe(source), made: [], users: 0 };
    this.#opened.delete(identity);
    this.#opened.set(identity, picture);
    picture.users += 1;
    picture.facts.catch(() => {
      if (this.#opened.get(identity) === picture) this.#opened.delete(identity);
    });
    return picture;
  }

  async #pyramidFor(picture: OpenedPicture, source: string, level: number): Promise<Pyramid> {
    const facts = await picture.facts;
    const ready = picture.made.find(({ from }) => from <= level);
    if (ready) return ready;
    const first = SHRUNK_WHILE_DECODED.has(facts.format) ? overviewLevel(facts) : 0;
    const which = first > 0 && level >= first ? 'overview' : 'whole';
    const lane = which === 'overview' ? this.#overviews : this.#wholes;
    const scratch = join(this.#scratch, `view-${this.#files++}`);
    picture[which] ??= lane.run(async () => {
      const pyramid = await makePyramid(source, facts, which === 'overview' ? first : 0, scratch);
      picture.made.push(pyramid);
      return pyramid;
    });
    try {
      return await picture[which];
    } catch (error) {
      // A disk that was full may have room again.
      picture[which] = undefined;
      throw error;
    }
  }

  async #makeRoom(): Promise<void> {
    const bytesOf = ({ made }: OpenedPicture) => made.reduce((sum, { bytes }) => sum + bytes, 0);
    let bytes = [...this.#opened.values()].reduce((sum, picture) => sum + bytesOf(picture), 0);
    const { bavail, bsize } = await statfs(this.#scratch);
    const most = Math.min(this.#limits.bytes, DISK_SHARE * (bavail * bsize + bytes));
    for (const [identity, picture] of [...this.#opened]) {
      const fits = this.#opened.size <= this.#limits.pictures && bytes <= most;
      if (fits || this.#opened.size === 1) return;
      if (picture.users > 0) continue;
      this.#opened.delete(identity);
      bytes -= bytesOf(picture);
      await Promise.all(picture.made.map(removePyramid));
    }
  }
}

/** The first level that a first look is made at. */
const overviewLevel = ({ width, height }: Probe) =>
  Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / OVERVIEW_SIDE)));

/** The typed error for a square that lies beyond `source`. */
function beyond(source: string, { level, column, row }: SquarePlace): EnlargerError {
  const message = `${source}: there is no square ${column}, ${row} at level ${level}.`;
  return new EnlargerError('not-found', message, { file: source });
}

function gone(source: string, cause: unknown): EnlargerError {
  return new EnlargerError('not-found', `${source}: there is no such file any more.`, {
    file: source,
    cause,
  });
}
