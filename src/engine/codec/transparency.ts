import type { SampleArray } from './planes.ts';

/**
 * Continues the colours of visible pixels under the transparent ones near them, in place, so that enlarging does
 * not mix in whatever colour a file happens to keep where nothing is seen (the dark or bright fringe).
 *
 * A pyramid: colours are averaged upwards by pairs of rows and columns as far as they are visible, then handed
 * down to the pixels that have none ("pull–push", S. Gortler et al., The Lumigraph, 1996). It ends with cells of
 * CELL pixels a side; one without colour takes the mean of its neighbours'. So every transparent pixel within CELL
 * pixels of a visible one, more than any network here looks, gets a colour, and what a pixel becomes depends
 * on its own cell and the eight around it alone: a band of rows can be done without the rest of the picture.
 *
 * The first row given must be a multiple of CELL in the picture.
 */
export function extendColours(rgb: SampleArray, alpha: SampleArray, width: number, height: number): void {
  const strips = Math.ceil(height / CELL);
  const pulled = (strip: number) =>
    strip >= 0 && strip < strips ? pullStrip(rgb, alpha, width, height, strip * CELL) : undefined;
  let above: Level[] | undefined;
  let here = pulled(0);
  for (let strip = 0; strip < strips; strip++) {
    const below = pulled(strip + 1);
    if (here) {
      pushStrip(rgb, alpha, width, strip * CELL, here, [above, here, below].map(topOf));
    }
    above = here;
    here = below;
  }
}

/** Pixels a side of the largest cells of the pyramid. */
export const CELL = 32;
const LEVELS = Math.log2(CELL);

interface Pixels {
  width: number;
  height: number;
  rgb: ArrayLike<number>;
  /** 1 where the colour is known. */
  known: Uint8Array;
}

interface Level extends Pixels {
  rgb: Float32Array;
}

const topOf = (levels: Level[] | undefined) => levels?.at(-1);

function emptyLevel(width: number, height: number): Level {
  return { width, height, rgb: new Float32Array(width * height * 3), known: new Uint8Array(width * height) };
}

/** The levels above the pixels of one strip of CELL rows, finest first. */
function pullStrip(
  rgb: SampleArray,
  alpha: SampleArray,
  width: number,
  height: number,
  top: number,
): Level[] {
  const rows = Math.min(CELL, height - top);
  const pixels: Pixels = {
    width,
    height: rows,
    rgb: rgb.subarray(3 * top * width),
    known: Uint8Array.from(alpha.subarray(top * width, (top + rows) * width), Math.sign),
  };
  const levels = [pull(pixels)];
  while (levels.length < LEVELS) levels.push(pull(levels.at(-1) as Level));
  return levels;
}

function pull(fine: Pixels): Level {
  const coarse = emptyLevel(Math.ceil(fine.width / 2), Math.ceil(fine.height / 2));
  const weight = new Uint8Array(coarse.known.length);
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const from = y * fine.width + x;
      if (!fine.known[from]) continue;
      const to = (y >> 1) * coarse.width + (x >> 1);
      weight[to] = (weight[to] as number) + 1;
      add(coarse.rgb, to, fine.rgb, from);
    }
  }
  weight.forEach((count, cell) => {
    settle(coarse, cell, count);
  });
  return coarse;
}

function add(sums: Float32Array, to: number, rgb: ArrayLike<number>, from: number): void {
  for (let channel = 0; channel < 3; channel++) {
    sums[3 * to + channel] = (sums[3 * to + channel] as number) + (rgb[3 * from + channel] as number);
  }
}

/** Makes the sum of `count` colours in `cell` their mean. */
function settle({ rgb, known }: Level, cell: number, count: number): void {
  if (count === 0) return;
  known[cell] = 1;
  for (let channel = 0; channel < 3; channel++) {
    rgb[3 * cell + channel] = (rgb[3 * cell + channel] as number) / count;
  }
}

/** Hands colours down to the transparent pixels of one strip. `tops`: its cells, those above and those below. */
function pushStrip(
  rgb: SampleArray,
  alpha: SampleArray,
  width: number,
  top: number,
  levels: readonly Level[],
  tops: readonly (Level | undefined)[],
): void {
  let coarse = withNeighbours(tops);
  for (const level of levels.slice(0, -1).reverse()) {
    push(coarse, level);
    coarse = level;
  }
  const rows = Math.min(2 * coarse.height, alpha.length / width - top);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = (top + y) * width + x;
      const cell = (y >> 1) * coarse.width + (x >> 1);
      if (alpha[pixel] !== 0 || !coarse.known[cell]) continue;
      for (let channel = 0; channel < 3; channel++) {
        rgb[3 * pixel + channel] = Math.round(coarse.rgb[3 * cell + channel] as number);
      }
    }
  }
}

/** The middle row of cells, those without colour filled with the mean of the cells around them. */
function withNeighbours(tops: readonly (Level | undefined)[]): Level {
  const [, middle] = tops as [unknown, Level, unknown];
  const filled = emptyLevel(middle.width, 1);
  for (let x = 0; x < middle.width; x++) {
    let count = 0;
    for (const row of middle.known[x] ? [middle] : tops) {
      const reach = row === middle && middle.known[x] ? 0 : 1;
      for (let near = Math.max(0, x - reach); near <= Math.min(middle.width - 1, x + reach); near++) {
        if (!row?.known[near]) continue;
        add(filled.rgb, x, row.rgb, near);
        count += 1;
      }
    }
    settle(filled, x, count);
  }
  return filled;
}

function push(coarse: Level, fine: Level): void {
  for (let y = 0; y < fine.height; y++) {
    for (let x = 0; x < fine.width; x++) {
      const to = y * fine.width + x;
      if (fine.known[to]) continue;
      const from = (y >> 1) * coarse.width + (x >> 1);
      fine.known[to] = coarse.known[from] as number;
      for (let channel = 0; channel < 3; channel++) {
        fine.rgb[3 * to + channel] = coarse.rgb[3 * from + channel] as number;
      }
    }
  }
}
