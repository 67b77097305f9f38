import type { ExifBlock } from './exif-block.ts';
import { readNumber, type Tag, writeNumber } from './ifd.ts';

const HORIZONTAL = 0x011a;
const VERTICAL = 0x011b;
const UNIT = 0x0128;
const RATIONAL = 5;
const SHORT = 3;
const CENTIMETRES = 3;
const INCHES = 2;

/** Dots an inch, horizontally and vertically, as EXIF states them; undefined where it states none. */
export function exifResolution(block: ExifBlock | undefined): [number, number] | undefined {
  if (!block) return undefined;
  const { ifd0, littleEndian } = block;
  const rational = (wanted: number) => {
    const tag = ifd0.find(({ tag, type }) => tag === wanted && type === RATIONAL);
    return tag && readNumber(tag.value, 0, 4, littleEndian) / readNumber(tag.value, 4, 4, littleEndian);
  };
  const unit = ifd0.find(({ tag }) => tag === UNIT)?.value;
  const measure = unit && unit.length >= 2 ? readNumber(unit, 0, 2, littleEndian) : INCHES;
  const [horizontal, vertical] = [rational(HORIZONTAL), rational(VERTICAL)];
  // Without a unit, the two numbers are a ratio.
  if (measure !== INCHES && measure !== CENTIMETRES) return undefined;
  if (!horizontal || !Number.isFinite(horizontal)) return undefined;
  const factor = measure === CENTIMETRES ? 2.54 : 1;
  const other = vertical && Number.isFinite(vertical) ? vertical : horizontal;
  return [horizontal * factor, other * factor];
}

/** Dots an inch are written as so many parts of one. */
export const FRACTIONS = 1000;

/** `block` with a resolution of `dots` an inch. */
export function withResolution(block: ExifBlock, dots: [number, number]): ExifBlock {
  const { littleEndian } = block;
  const rational = (tag: number, value: number): Tag => {
    const bytes = Buffer.alloc(8);
    writeNumber(bytes, Math.round(value * FRACTIONS), 0, 4, littleEndian);
    writeNumber(bytes, FRACTIONS, 4, 4, littleEndian);
    return { tag, type: RATIONAL, count: 1, value: bytes, at: -1 };
  };
  const unit = Buffer.alloc(2);
  writeNumber(unit, INCHES, 0, 2, littleEndian);
  const others = block.ifd0.filter(({ tag }) => ![HORIZONTAL, VERTICAL, UNIT].includes(tag));
  const own = [rational(HORIZONTAL, dots[0]), rational(VERTICAL, dots[1])];
  return {
    ...block,
    ifd0: [...others, ...own, { tag: UNIT, type: SHORT, count: 1, value: unit, at: -1 }],
  };
}
