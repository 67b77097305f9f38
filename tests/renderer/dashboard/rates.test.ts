import { expect, it } from 'vitest';
import { formatRate, formatShare } from '../../../src/renderer/dashboard/rates.ts';

it.each([
  [0, '0'],
  [0.004, '0.00'],
  [0.1, '0.10'],
  [4.25, '4.3'],
  [28.4, '28'],
  [1234, '1,234'],
])('says a rate of %d as %s', (rate, words) => {
  expect(formatRate(rate, 'en')).toBe(words);
});

it('says shares in whole percents', () => {
  expect(formatShare(0.874, 'en')).toBe('87%');
  expect(formatShare(1, 'en')).toBe('100%');
});
