import { expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMegapixels,
  formatShortCount,
  formatTime,
} from '../../../src/renderer/components/figures.ts';
import { baseName, withoutName } from '../../../src/renderer/components/file-names.ts';

it('bytes are said in the largest unit that there is one of', () => {
  const said = [0, 999, 1000, 4_240_000, 123_400_000, 2e9, 5e15].map((bytes) => formatBytes(bytes, 'en'));
  expect(said).toEqual(['0 bytes', '999 bytes', '1 kB', '4.2 MB', '123 MB', '2 GB', '5,000 TB']);
});

it('time is said to the second, and more exactly where it is short', () => {
  const said = [0, 240, 9_940, 9_960, 61_000, 3_599_600, 7_380_000, -5].map((time) => formatTime(time, 'en'));
  expect(said).toEqual(['0.0s', '0.2s', '9.9s', '10s', '1m 1s', '1h 0m', '2h 3m', '0.0s']);
});

it('figures are written as the language does', () => {
  expect([formatCount(12_345, 'en'), formatCount(12_345, 'de')]).toEqual(['12,345', '12.345']);
  expect([formatShortCount(9_999, 'en'), formatShortCount(12_345, 'en')]).toEqual(['9,999', '12K']);
  const megapixels = [17_168, 1_250_000, 48_200_000].map((pixels) => formatMegapixels(pixels, 'en'));
  expect(megapixels).toEqual(['0.017', '1.3', '48']);
});

it('names are the last part of a path, of either kind of system', () => {
  expect(['/a/b.jpg', 'C:\\a\\b.jpg', '/a/b\\c.jpg', '/', 'b.jpg'].map(baseName)).toEqual([
    ...['b.jpg', 'b.jpg', 'b\\c.jpg', '/', 'b.jpg'],
  ]);
});

it('words about a file lose its name at their beginning, and only there', () => {
  expect(withoutName('/a/b.jpg: is damaged.', '/a/b.jpg', 'b.jpg')).toBe('Is damaged.');
  expect(withoutName('b.jpg: is damaged.', '/a/b.jpg', 'b.jpg')).toBe('Is damaged.');
  expect(withoutName('No room for b.jpg: 3.', 'b.jpg', '')).toBe('No room for b.jpg: 3.');
});
