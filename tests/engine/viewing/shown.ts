import sharp from 'sharp';
import { psnr } from '../../../src/engine/inference/self-test.ts';
import { reducedSize, type SquarePlace, squareRect } from '../../../src/shared/squares.ts';

/** A picture as a screen shows it: sRGB of 8 bits with alpha, upright. */
export interface Shown {
  data: Uint8Array;
  width: number;
  height: number;
}

/** `file` through sharp alone, whole. */
export async function shownWhole(file: string): Promise<Shown> {
  const { data, info } = await sharp(file, { limitInputPixels: false, pages: 1 })
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** `picture` reduced `2 ** level` times: each pixel the mean of those that it stands for, weighed by their opacity. */
function reduced(picture: Shown, level: number): Shown {
  if (level === 0) return picture;
  const { width, height } = reducedSize(picture, level);
  const data = new Uint8Array(width * height * 4);
  const side = 2 ** level;
  const at = (index: number) => picture.data[index] as number;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let [red, green, blue, alpha, count] = [0, 0, 0, 0, 0];
      const [right, bottom] = [
        Math.min((x + 1) * side, picture.width),
        Math.min((y + 1) * side, picture.height),
      ];
      for (let v = y * side; v < bottom; v++) {
        for (let u = x * side; u < right; u++) {
          const from = 4 * (v * picture.width + u);
          const weight = at(from + 3);
          red += weight * at(from);
          green += weight * at(from + 1);
          blue += weight * at(from + 2);
          alpha += weight;
          count += 1;
        }
      }
      const seen = alpha || 1;
      const mean = [red / seen, green / seen, blue / seen, alpha / count];
      data.set(mean.map(Math.round), 4 * (y * width + x));
    }
  }
  return { data, width, height };
}

/** A part of `picture`. */
function cropped(picture: Shown, rect: { x: number; y: number; width: number; height: number }): Shown {
  const data = new Uint8Array(rect.width * rect.height * 4);
  for (let y = 0; y < rect.height; y++) {
    const from = 4 * ((rect.y + y) * picture.width + rect.x);
    data.set(picture.data.subarray(from, from + 4 * rect.width), 4 * y * rect.width);
  }
  return { data, width: rect.width, height: rect.height };
}

/** The square of `picture` as it should be. */
export function expectedSquare(picture: Shown, place: SquarePlace): Shown {
  const rect = squareRect(picture, place);
  if (!rect) throw new Error('There is no such square.');
  const side = 2 ** place.level;
  const [x, y] = [rect.x * side, rect.y * side];
  const width = Math.min(picture.width - x, rect.width * side);
  const height = Math.min(picture.height - y, rect.height * side);
  return reduced(cropped(picture, { x, y, width, height }), place.level);
}

/** dB between two pictures, what is transparent counted as black; throws unless they are of the same size. */
export function likeness(a: Shown, b: Shown): number {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`${a.width}×${a.height} is not ${b.width}×${b.height}.`);
  }
  return psnr(premultiplied(a), premultiplied(b));
}

function premultiplied({ data }: Shown): Uint8Array {
  return data.map((value, index) =>
    index % 4 === 3 ? value : (value * (data[index - (index % 4) + 3] as number)) / 255,
  );
}

/** By how many pixels `shown` looks moved, across and down, from where the square `place` of `picture` should be. */
export function misplaced(shown: Shown, picture: Shown, place: SquarePlace): [number, number] {
  const expected = expectedSquare(picture, place);
  const [width, height] = [Math.max(1, expected.width - 2), Math.max(1, expected.height - 2)];
  const [left, top] = [expected.width > 2 ? 1 : 0, expected.height > 2 ? 1 : 0];
  const middle = cropped(expected, { x: left, y: top, width, height });
  const likenessAt = (x: number, y: number) =>
    likeness(cropped(shown, { x: left + x, y: top + y, width, height }), middle);
  let best: { moved: [number, number]; likeness: number } = { moved: [0, 0], likeness: likenessAt(0, 0) };
  for (let y = -top; y <= top; y++) {
    for (let x = -left; x <= left; x++) {
      const alike = likenessAt(x, y);
      if (alike > best.likeness) best = { moved: [x, y], likeness: alike };
    }
  }
  return best.moved;
}
