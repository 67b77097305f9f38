import { describe, expect, it } from 'vitest';
import {
  labelledBytes,
  namedNumber,
  processMilliseconds,
  processorTimes,
} from '../../../src/main/metrics/proc-files.ts';

describe('processorTimes', () => {
  it.each([
    ['all fields', 'cpu  100 20 30 400 50 6 7 80 9 10\ncpu0 1 1 1 1\n', { busy: 163, idle: 450 }],
    ['an old kernel', 'cpu 100 20 30 400\n', { busy: 150, idle: 400 }],
    ['no such line', 'intr 1 2 3\n', undefined],
    ['a line of one core only', 'cpu0 100 20 30 400\n', undefined],
    ['too little', 'cpu  1 2\n', undefined],
    ['nonsense', 'cpu  a b c d\n', undefined],
    ['nothing', '', undefined],
  ])('%s', (_, text, times) => {
    expect(processorTimes(text)).toEqual(times);
  });
});

describe('processMilliseconds', () => {
  const fields = (user: number, system: number) =>
    `R 1 1 1 0 -1 4194304 100 0 0 0 ${user} ${system} 7 7 20 0 1 0 2277721 3133440`;
  it.each([
    ['user and system', `12 (node) ${fields(30, 12)}`, 420],
    ['a name with blanks and parentheses', `12 (a) R 1 (b c) ${fields(1, 2)}`, 30],
    ['no process', '', undefined],
  ])('%s', (_, text, milliseconds) => {
    expect(processMilliseconds(text)).toBe(milliseconds);
  });
});

it('memory is found by its label, and by no other that begins like it', () => {
  const rollup = 'Rss:                1788 kB\nPss_Dirty:           116 kB\nPss:                 358 kB\n';
  expect(['Pss', 'Rss', 'Swap'].map((label) => labelledBytes(rollup, label))).toEqual([
    358 * 1024,
    1788 * 1024,
    undefined,
  ]);
  const stat = 'total_inactive_file 9\ninactive_file 4096\n';
  expect(['inactive_file', 'file'].map((name) => namedNumber(stat, name))).toEqual([4096, undefined]);
});
