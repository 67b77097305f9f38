import { scene } from './scene.ts';
import type { Sized } from './size-rule.ts';
import type { Trial } from './trial.ts';

/** Sides of tiles on processors, the largest first: that of the models that ship. */
const SIDES = [256, 192, 128, 96, 64, 48, 32];
const LARGEST = 256;
/** Side of the picture that memory and speed are measured with. */
const TRIED = 128;
/** A tile cannot be stopped in the middle: milliseconds that one may take. */
const LONGEST = 2500;
/** Bytes that one tile may take. */
const MOST_BYTES = 768e6;
const SMALLEST = 16;

/** A tile that is done soon, fits into memory, and is not mostly margin: width and height in source pixels. */
export async function suggestTile(
  trial: Trial,
  { rule, feeding }: Sized,
  radius: number,
): Promise<[number, number]> {
  const { multiple, fixed, side } = rule;
  if (fixed) {
    const [width, height] = fixed.map((each) => Math.max(1, each - 2 * radius));
    return [width as number, height as number];
  }
  const { expense } = trial;
  // Small runs say little about memory and speed.
  const larger = Math.max(2, Math.ceil(TRIED / side)) * side;
  if (expense.largest < larger * larger && expense.affords(larger * larger)) {
    await trial.run(scene({ width: larger, height: larger, channels: feeding.channels }), feeding);
  }
  const margin = Math.ceil(radius / multiple) * multiple;
  const pixels = (each: number) => (each + 2 * margin) ** 2;
  const soon = SIDES.find((each) => expense.expected(pixels(each)) <= LONGEST) ?? SMALLEST;
  // In smaller tiles most of the time would go into margins.
  const worth = Math.max(soon, Math.min(4 * margin, LARGEST));
  const fits = (each: number) => each <= worth && pixels(each) * expense.bytesPerPixel <= MOST_BYTES;
  const wanted = SIDES.find(fits) ?? SMALLEST;
  const tile = Math.max(multiple, Math.floor(wanted / multiple) * multiple);
  return [tile, tile];
}
