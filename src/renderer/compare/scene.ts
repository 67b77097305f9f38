import type { SquarePlace } from '../../shared/squares.ts';
import type { Rect } from '../../shared/tiles.ts';
import { pictureUrl } from '../components/media.ts';
import type { Want } from './bitmap-loader.ts';
import type { Size } from './camera.ts';

/** All of a picture in one bitmap, whose longest side is no longer than `side`. */
interface Whole {
  readonly want: Want;
  readonly side: number;
}

/** One side of a comparison. */
export interface Layer {
  /** In pixels of its own. */
  readonly size: Size;
  /** What the browser has of it, until main's own picture is here. */
  readonly local?: Want | undefined;
  /** Smallest first. */
  readonly wholes: readonly Whole[];
  /** A square of it; undefined where there is nothing to see. */
  square?(place: SquarePlace, part: Rect): Want | undefined;
  /** Of all its squares. */
  readonly group: string;
}

/** Everything that is drawn. */
export interface Scene {
  /** Of the result: what the camera counts in. */
  readonly size: Size;
  /** Whether the picture has transparent parts: these show what is behind it, not an earlier state. */
  readonly alpha: boolean;
  readonly source: Layer;
  /** Absent while nothing of it is there. */
  readonly result?: Layer | undefined;
  /** Whether the result is whole; else the original shows through where it is not done. */
  readonly done: boolean;
}

/** Longest sides of previews: the first look, and what stands in for squares where there are none. */
const WHOLE_SIDES = [1600, 4096] as const;

export interface FileScene {
  id: number;
  /** Upright, of the source. */
  size: Size;
  alpha: boolean;
  scale: number;
  /** What the browser shows it from, if it was dropped just now. */
  picture?: string | undefined;
  /** SHA-256 of the finished result. */
  done?: string | undefined;
  /** When a part of the result in work, in its pixels, changed last; 0 if nothing of it is done. */
  stampOf?: ((part: Rect) => number) | undefined;
}

/** The scene of a file of the journal. */
export function fileScene({ id, size, alpha, scale, picture, done, stampOf }: FileScene): Scene {
  const resultSize = { width: size.width * scale, height: size.height * scale };
  return {
    size: resultSize,
    alpha,
    done: done !== undefined,
    source: {
      size,
      group: `source ${id}`,
      local: picture ? ownPicture(picture) : undefined,
      wholes: wholesOf('source', id, 'source'),
      square: (place) => squareOf('source', id, place, 'source'),
    },
    result: resultLayer(id, resultSize, done, stampOf),
  };
}

/** The scene of something that main does not enlarge yet. */
export function pictureScene(picture: string, size: Size, scale: number): Scene {
  return {
    size: { width: size.width * scale, height: size.height * scale },
    alpha: false,
    done: false,
    source: { size, group: picture, local: ownPicture(picture), wholes: [] },
  };
}

function resultLayer(
  id: number,
  size: Size,
  done: string | undefined,
  stampOf: FileScene['stampOf'],
): Layer | undefined {
  if (done !== undefined) {
    return {
      size,
      group: `result ${id}`,
      wholes: wholesOf('result', id, done),
      square: (place) => squareOf('result', id, place, done.slice(0, 16)),
    };
  }
  if (!stampOf) return undefined;
  const group = `work ${id}`;
  return {
    size,
    group,
    wholes: [],
    square: (place, part) => {
      const stamp = stampOf(part);
      if (stamp === 0) return undefined;
      return { ...squareOf('result', id, place, `${stamp}`), group, growing: true };
    },
  };
}

/** What the browser has of a picture by itself. */
export function ownPicture(url: string): Want {
  return { key: url, url, version: 'whole', group: url };
}

function wholesOf(kind: 'source' | 'result', id: number, version: string): Whole[] {
  return WHOLE_SIDES.map((side) => {
    const key = `${kind} ${id} ${side}`;
    return { side, want: { key, version, group: key, url: pictureUrl({ kind, id, side }) } };
  });
}

function squareOf(of: 'source' | 'result', id: number, place: SquarePlace, state: string): Want {
  const { level, column, row } = place;
  const url = pictureUrl({ kind: 'square', id, of, level, column, row, state });
  return { key: `${of} ${id} ${level} ${column} ${row}`, url, version: state, group: `${of} ${id}` };
}

/** The first look at a file that may be looked at next. */
export function firstLooks(id: number, done: string | undefined): Want[] {
  const [source] = wholesOf('source', id, 'source');
  const [result] = done === undefined ? [] : wholesOf('result', id, done);
  return [source, result].flatMap((whole) => (whole ? [whole.want] : []));
}
