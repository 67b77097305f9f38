import type { Planes } from './scene.ts';
import type { SizeRule } from './size-rule.ts';

/** Colours; alpha is not compared. */
const COLOURS = 3;

/**
 * How far a result, made smaller to the size of the source by averaging, is from the source: the root of the mean square
 * of the differences. `value` makes the result's values comparable. The value at row·n+column of what is returned is that of
 * the result's channel `row` against the source's channel `column`.
 */
export function likeness(
  source: Planes,
  result: Planes,
  { scale, trim }: Pick<SizeRule, 'scale' | 'trim'>,
  value: (raw: number) => number,
): number[][] {
  const colours = Math.min(COLOURS, source.channels);
  const reduced = reduce(result, { scale, trim }, source, value);
  return Array.from({ length: colours }, (_, row) =>
    Array.from({ length: colours }, (__, column) => rootMeanSquare(source, reduced, row, column)),
  );
}

/** The mean of the diagonal: every channel against its own. */
export function difference(table: readonly (readonly number[])[]): number {
  const own = table.map((row, index) => row[index] as number);
  return own.reduce((sum, each) => sum + each, 0) / own.length;
}

/** The result at the size of the source, averaged; NaN where it covers a source pixel only in part. */
function reduce(
  result: Planes,
  { scale, trim }: Pick<SizeRule, 'scale' | 'trim'>,
  { width, height }: Planes,
  value: (raw: number) => number,
): Planes {
  const data = new Float32Array(result.channels * width * height).fill(Number.NaN);
  for (let channel = 0, at = 0; channel < result.channels; channel++) {
    const plane = channel * result.width * result.height;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const [left, top] = [x * scale - trim, y * scale - trim];
        if (left < 0 || top < 0 || left + scale > result.width || top + scale > result.height) continue;
        let sum = 0;
        for (let row = 0; row < scale; row++) {
          const start = plane + (top + row) * result.width + left;
          for (let column = 0; column < scale; column++) sum += value(result.data[start + column] as number);
        }
        data[at] = sum / (scale * scale);
      }
    }
  }
  return { data, channels: result.channels, width, height };
}

function rootMeanSquare(source: Planes, reduced: Planes, row: number, column: number): number {
  const area = source.width * source.height;
  let [sum, count] = [0, 0];
  for (let at = 0; at < area; at++) {
    const made = reduced.data[row * area + at] as number;
    // A NaN is where there is no result; a network that gives NaN is found out elsewhere.
    if (Number.isNaN(made)) continue;
    sum += (made - (source.data[column * area + at] as number)) ** 2;
    count += 1;
  }
  return count === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(sum / count);
}
