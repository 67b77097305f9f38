import { describe, expect, it } from 'vitest';
import {
  canBeDeep,
  chooseFormat,
  extensionFor,
  INPUT_EXTENSIONS,
  OUTPUT_FORMATS,
} from '../../src/shared/formats.ts';

const PLAIN = { alpha: false, deep: false };
const ALPHA = { alpha: true, deep: false };
const DEEP = { alpha: false, deep: true };
const BOTH = { alpha: true, deep: true };
const SMALL = { width: 800, height: 600 };
const square = (side: number) => ({ width: side, height: 1 });

describe('chooseFormat', () => {
  it.each(OUTPUT_FORMATS)('keeps %s where it can hold the result', (format) => {
    expect(chooseFormat('keep', format, SMALL, PLAIN)).toEqual({ format });
  });

  it('writes what was asked for, whatever the source is in', () => {
    const chosen = OUTPUT_FORMATS.map((format) => chooseFormat(format, 'gif', SMALL, PLAIN));
    expect(chosen).toEqual(OUTPUT_FORMATS.map((format) => ({ format })));
  });

  it('replaces a source format that Enlarger does not write, and says so', () => {
    for (const [source, picture] of [
      ['gif', PLAIN],
      ['gif', ALPHA],
      ['bmp', PLAIN],
    ] as const) {
      const because = `Enlarger does not write ${source}`;
      expect(chooseFormat('keep', source, SMALL, picture)).toEqual({ format: 'png', because });
    }
  });

  it.each([
    ['jpeg', 65_500],
    ['webp', 16_383],
    ['avif', 16_384],
  ] as const)('holds %s results of up to %d pixels a side', (format, side) => {
    const because = `${format} ends at ${side} pixels a side and this result has ${side + 1}`;
    const tall = { width: 1, height: side + 1 };
    expect([
      chooseFormat('keep', format, square(side), PLAIN),
      chooseFormat('keep', format, square(side + 1), PLAIN).because,
      chooseFormat('keep', format, tall, PLAIN).because,
    ]).toEqual([{ format }, because, because]);
  });

  it('takes a format for too large a result that holds its size, depth and transparency', () => {
    const formats = [20_000, 70_000].map((side) =>
      [PLAIN, ALPHA, DEEP, BOTH].map((picture) => chooseFormat('avif', 'avif', square(side), picture).format),
    );
    expect(formats).toEqual([
      ['jpeg', 'png', 'tiff', 'tiff'],
      ['png', 'png', 'tiff', 'tiff'],
    ]);
  });

  it('keeps transparency rather than a format without it', () => {
    expect(chooseFormat('jpeg', 'png', SMALL, BOTH)).toEqual({
      format: 'png',
      because: 'jpeg has no transparency and this picture has',
    });
  });

  it('replaces a format whose encoder would take more memory than there is for it, and says so', () => {
    const large = { width: 8000, height: 6000 };
    const budget = 5e8;
    expect(chooseFormat('keep', 'webp', large, PLAIN, budget)).toEqual({
      format: 'jpeg',
      because: 'its encoder would take 0.8 GB of memory, and the budget leaves it 0.5 GB',
    });
    const formats = [ALPHA, DEEP, BOTH].map(
      (picture) => chooseFormat('avif', 'jpeg', large, picture, budget).format,
    );
    expect(formats).toEqual(['png', 'tiff', 'tiff']);
    for (const format of ['jpeg', 'png', 'tiff'] as const) {
      expect(chooseFormat(format, 'webp', large, PLAIN, budget)).toEqual({ format });
    }
    expect(chooseFormat('keep', 'webp', large, PLAIN, 1e9)).toEqual({ format: 'webp' });
  });

  it('asked for eight bits, writes eight bits', () => {
    expect(chooseFormat('jpeg', 'tiff', SMALL, DEEP)).toEqual({ format: 'jpeg' });
  });
});

it('extensionFor keeps the extension of the source, letter case included, where it fits the format', () => {
  expect([
    extensionFor('jpeg', 'JPG'),
    extensionFor('jpeg', 'jfif'),
    extensionFor('tiff', 'tiff'),
    extensionFor('jpeg', 'png'),
    extensionFor('tiff', ''),
    extensionFor('png', 'gif'),
  ]).toEqual(['JPG', 'jfif', 'tiff', 'jpg', 'tif', 'png']);
});

it('canBeDeep tells the formats that hold more than eight bits', () => {
  expect(OUTPUT_FORMATS.filter(canBeDeep)).toEqual(['png', 'avif', 'tiff']);
});

it('a folder walk takes what can be written, and formats that can only be read', () => {
  expect([...INPUT_EXTENSIONS].sort()).toEqual(
    'avif bmp gif heic heif jfif jpe jpeg jpg png tif tiff webp'.split(' '),
  );
});
