import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';
import { counted, duration, fileSize } from '../../src/cli/output/words.ts';
import { size } from '../../src/cli/run-options.ts';

it.each([
  [0, '0 s'],
  [499, '0 s'],
  [59_400, '59 s'],
  [59_500, '1 min 0 s'],
  [3_599_000, '59 min 59 s'],
  [3_600_000, '1 h 0 min'],
  [90_061_000, '25 h 1 min'],
])('%d ms are %s', (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

it.each([
  [1, '1 kB'],
  [1_499, '1 kB'],
  [999_499, '999 kB'],
  [1_250_000, '1.3 MB'],
  [25_300_000_000, '25.3 GB'],
])('%d bytes are %s', (bytes, words) => {
  expect(fileSize(bytes)).toBe(words);
});

it('things are counted in singular and plural', () => {
  expect([counted(1, 'picture'), counted(0, 'picture'), counted(3, 'child', 'children')]).toEqual([
    '1 picture',
    '0 pictures',
    '3 children',
  ]);
});

describe('a size', () => {
  it.each([
    ['64MB', 64e6],
    ['4gb', 4e9],
    ['1.5 GiB', 1.5 * 2 ** 30],
    ['512MiB', 2 ** 29],
    ['65536kib', 2 ** 26],
    ['100000KB', 1e8],
    [' 64000000 ', 64e6],
  ])('%j is %d bytes', (text, bytes) => {
    expect(size(text)).toBe(bytes);
  });

  it.each(['', '63MB', 'lots', '-4GB', '4TB', '4,5GB', 'GB', '1e9'])('%j is none', (text) => {
    expect(() => size(text)).toThrow(InvalidArgumentError);
  });
});

it.each([
  [{ done: 3 }, 0],
  [{ skipped: 3 }, 0],
  [{ done: 1, skipped: 1, failed: 1 }, 1],
  [{ skipped: 1, failed: 1 }, 1],
  [{ done: 1, cancelled: 1 }, 1],
  [{ failed: 2 }, 3],
  [{ cancelled: 2 }, 3],
  [{}, 3],
])('%j ends with %d', (outcome, code) => {
  expect(exitCodeOf({ done: 0, failed: 0, skipped: 0, cancelled: 0, ...outcome })).toBe(code);
});
