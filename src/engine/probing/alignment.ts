import { type Planes, scene } from './scene.ts';
import type { Sized } from './size-rule.ts';
import type { Trial } from './trial.ts';
import { sizeOf, type ValueRange } from './value-range.ts';

/** Shifts that networks with windows or strides are known to want. */
const SHIFTS = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 48, 64];
/** Levels of eight bits by which rounding may make shifted results differ. */
const ROUNDING = 0.1;
/** A shift that fits changes this much less than the worst, where borders are felt everywhere. */
const MUCH_LESS = 0.1;
/** A shift that is no power of two, for networks that may be shifted by any. */
const SHIFT = 5;
/** Half the side of the square in the middle that is compared, in source pixels. */
const HALF = 4;

/**
 * The smallest multiple by which a network's input may be shifted so that its result is shifted likewise. Networks that work in
 * windows, or in steps, see a picture differently from pixel to pixel even where they take any size.
 */
export async function learnAlignment(trial: Trial, sized: Sized, range: ValueRange): Promise<number> {
  const { feeding, rule } = sized;
  const { width, height } = sizeOf(sized);
  const { channels } = feeding;
  const still = await trial.run(scene({ width, height, channels }), feeding);
  if (!still) return rule.multiple;
  const level = Math.abs(range[1] - range[0]) / 255;
  const seen: { shift: number; change: number }[] = [];
  for (const shift of SHIFTS.filter((each) => each % rule.multiple === 0 && each < width / 3)) {
    if (!trial.expense.affords(width * height, 8)) break;
    const moved = await trial.run(scene({ width, height, channels }, [shift, shift]), feeding);
    if (!moved) return rule.multiple;
    const middle = [width, height].map((length) => Math.floor((length + shift) / 2)) as [number, number];
    const [left, top] = middle.map((place) => place - HALF) as [number, number];
    const square = { left, top, right: left + 2 * HALF, bottom: top + 2 * HALF };
    const change = largestChange(still, moved, rule, shift, square) / level;
    if (change <= ROUNDING) return shift;
    seen.push({ shift, change });
  }
  const worst = Math.max(...seen.map(({ change }) => change));
  return seen.find(({ change }) => change < MUCH_LESS * worst)?.shift ?? rule.multiple;
}

/**
 * Levels of eight bits by which results differ when a picture is seen through another window, `radius` pixels away from what
 * either window ends at: what tiles would differ by. Undefined where that cannot be tried.
 */
export async function differenceOfTiles(
  trial: Trial,
  { feeding, rule }: Sized,
  range: ValueRange,
  radius: number,
): Promise<number | undefined> {
  const { multiple, fixed, side } = rule;
  const whole = (length: number) => Math.ceil(length / multiple) * multiple;
  const [margin, shift] = [whole(radius), whole(multiple === 1 ? SHIFT : multiple)];
  const needed = whole(Math.max(side, 2 * margin + shift + 2 * HALF));
  const [width, height] = fixed ?? [needed, needed];
  const square = {
    left: margin + shift,
    top: margin + shift,
    right: width - margin,
    bottom: height - margin,
  };
  if (square.right <= square.left || square.bottom <= square.top) return undefined;
  if (!trial.expense.affords(width * height, 2)) return undefined;
  const size = { width, height, channels: feeding.channels };
  const still = await trial.run(scene(size), feeding);
  const moved = await trial.run(scene(size, [shift, shift]), feeding);
  if (!still || !moved) return undefined;
  return (255 * largestChange(still, moved, rule, shift, square)) / Math.abs(range[1] - range[0]);
}

/** In source pixels of the first picture; right and bottom are beyond it. */
interface Square {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Between what both results show of `square`, the second being of a picture moved to the left and up by `shift`. */
function largestChange(
  still: Planes,
  moved: Planes,
  { scale, trim }: Sized['rule'],
  shift: number,
  { left, top, right, bottom }: Square,
): number {
  const { width, height, channels } = still;
  const back = shift * scale;
  const [x0, y0] = [Math.max(back, left * scale - trim), Math.max(back, top * scale - trim)];
  const [x1, y1] = [Math.min(width, right * scale - trim), Math.min(height, bottom * scale - trim)];
  let largest = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const a = still.data[(channel * height + y) * width + x] as number;
        const b = moved.data[(channel * height + y - back) * width + x - back] as number;
        largest = Math.max(largest, Math.abs(a - b));
      }
    }
  }
  return largest;
}
