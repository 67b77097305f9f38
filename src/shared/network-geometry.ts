import { EnlargerError } from './errors.ts';
import type { ModelManifest } from './models.ts';
import type { NetworkConventions } from './network.ts';
import type { Rect } from './tiles.ts';

/** What a network's input has to be for a tile of a picture. Pure. Lengths are pixels of the source unless said. */

/** A network as far as the place of its pixels goes. */
export interface NetworkGeometry {
  scale: number;
  /** Pixels of the source, on each side, that a pixel of the result depends on. */
  radius: number;
  /** Absent for networks like those that ship. */
  network?: NetworkConventions | undefined;
  /**
   * How far the result of a tile reaches into its neighbours, for networks whose tiles do not agree: there the two are
   * blended. Absent or 0: tiles end where the next begin.
   */
  blend?: number | undefined;
  /** The width and height of every input, where tiles are not to have shapes of their own. */
  input?: Size | undefined;
}

/** Sides below which margins are most of a tile, pixels: a network that finds no memory for such a one finds none at all. */
const SMALLEST = 16;
/** Blending reaches this share of a tile's side into each neighbour, and no less than so many pixels. */
const BLEND_SHARE = 1 / 16;
const LEAST_BLEND = 4;
/** Tiles have at least so many times that side: the even division of a picture may make them half as large as planned. */
const SIDES_PER_BLEND = 4;

interface Size {
  width: number;
  height: number;
}

/**
 * The part of the picture that the network is given for `tile`; it may reach beyond the picture, on all sides. It begins
 * at a multiple where the tile does, and is as large as the network wants it: more to the right and below than it needs.
 */
export function inputArea(tile: Rect, geometry: NetworkGeometry): Rect {
  const { network, input } = geometry;
  const margin = marginOf(geometry);
  const multiple = network?.multiple ?? 1;
  const [width, height] = network?.fixed ?? [
    input?.width ?? upTo(tile.width + 2 * margin, multiple),
    input?.height ?? upTo(tile.height + 2 * margin, multiple),
  ];
  return { x: tile.x - margin, y: tile.y - margin, width, height };
}

/** The input that has room for every tile of at most `tile`. */
export function inputFor(tile: Size, geometry: NetworkGeometry): Size {
  const { width, height } = inputArea({ x: 0, y: 0, ...tile }, { ...geometry, input: undefined });
  return { width, height };
}

/** The largest tile that `input` has room for, where nothing is left over: the inverse of `inputFor`. */
export function tileIn({ width, height }: Size, geometry: NetworkGeometry): Size {
  const margin = marginOf(geometry);
  return { width: width - 2 * margin, height: height - 2 * margin };
}

/**
 * `tile` with its longer side halved, to a multiple. Undefined where it is too small for that, or the size of its input is
 * the network's own.
 */
export function halvedTile({ width, height }: Size, network?: NetworkConventions): Size | undefined {
  const multiple = network?.multiple ?? 1;
  const length = Math.max(width, height);
  const half = upTo(length / 2, multiple);
  if (network?.fixed || length < 2 * SMALLEST || half >= length) return undefined;
  return width >= height ? { width: half, height } : { width, height: half };
}

/** `tile`, halved until it has at most so many pixels, or cannot be halved. */
export function tileWithin(tile: Size, pixels: number, network?: NetworkConventions): Size {
  if (tile.width * tile.height <= pixels) return tile;
  const smaller = halvedTile(tile, network);
  return smaller ? tileWithin(smaller, pixels, network) : tile;
}

/** What the network makes of an input of that size, in pixels of the result. */
export function outputSize({ width, height }: Size, geometry: NetworkGeometry): Size {
  const { scale } = geometry;
  const trim = trimIn(geometry);
  return { width: width * scale - 2 * trim, height: height * scale - 2 * trim };
}

/**
 * Pixels of the output above and to the left of the tile's result. Negative where the network leaves out more than its
 * radius: then it is described wrongly.
 */
export function outputOffset(geometry: NetworkGeometry): number {
  return marginOf(geometry) * geometry.scale - trimIn(geometry);
}

/** `trim` of the conventions, as a manifest's `padding` says it. */
export function trimOf({
  padding,
  receptiveRadius,
  scale,
}: Pick<ModelManifest, 'padding' | 'receptiveRadius' | 'scale'>): number {
  if (padding === 'valid') return receptiveRadius * scale;
  return padding === 'same' ? 0 : padding;
}

/**
 * The tile nearest to `wished` that the network can be given with `around` pixels on each side. Throws `model-invalid` if its
 * input has no room for any.
 */
export function fittingTile(wished: Size, around: number, network?: NetworkConventions): Size {
  const tile = roomFor(wished, around, network);
  if (tile.width > 0 && tile.height > 0) return tile;
  throw new EnlargerError(
    'model-invalid',
    `The network takes ${network?.fixed?.join('×')} pixels and looks at ${around} around each: that leaves no room for a ` +
      'picture. Its manifest does not describe it.',
  );
}

/**
 * The same for a network whose tiles do not agree, and how far they are to reach into each other: as far as is usual, or as
 * its input has room for. Throws what `fittingTile` throws.
 */
export function blendedTile(wished: Size, geometry: NetworkGeometry): { tile: Size; blend: number } {
  const { radius, network } = geometry;
  const alone = fittingTile(wished, radius, network);
  for (let blend = blendWithin(alone); blend > 0; blend--) {
    const tile = roomFor(wished, surroundings({ ...geometry, blend }), network);
    if (Math.min(tile.width, tile.height) >= SIDES_PER_BLEND * blend) return { tile, blend };
  }
  return { tile: alone, blend: 0 };
}

/** How far tiles of at most `tile` reach into each other; no farther than `most`. */
export function blendWithin({ width, height }: Size, most = Number.POSITIVE_INFINITY): number {
  const side = Math.min(width, height);
  const wanted = Math.max(LEAST_BLEND, Math.ceil(side * BLEND_SHARE));
  return Math.min(most, wanted, Math.floor(side / SIDES_PER_BLEND));
}

function roomFor(wished: Size, around: number, network?: NetworkConventions): Size {
  const multiple = network?.multiple ?? 1;
  const margin = upTo(around, multiple);
  const { fixed } = network ?? {};
  const side = (wish: number, whole: number | undefined) => {
    const most = whole === undefined ? Math.max(wish, multiple) : whole - 2 * margin;
    return Math.floor(most / multiple) * multiple;
  };
  return { width: side(wished.width, fixed?.[0]), height: side(wished.height, fixed?.[1]) };
}

/**
 * Pixels that a tile is given on each side. What is blended lies among them, where the network gives a result and looks at
 * half its radius still: it counts the less the farther out it lies.
 */
function surroundings(geometry: NetworkGeometry): number {
  const { scale, radius, blend = 0 } = geometry;
  if (blend === 0) return radius;
  return Math.max(radius, blend + Math.ceil(Math.max(trimIn(geometry) / scale, radius / 2)));
}

/** Whole multiples, so that what the network groups together is the same wherever a tile begins. */
function marginOf(geometry: NetworkGeometry): number {
  return upTo(surroundings(geometry), geometry.network?.multiple ?? 1);
}

const trimIn = ({ scale, radius, network }: NetworkGeometry) => network?.trim ?? radius * scale;
const upTo = (length: number, multiple: number) => Math.ceil(length / multiple) * multiple;
