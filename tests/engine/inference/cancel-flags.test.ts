import { expect, it } from 'vitest';
import { type CancelFlag, CancelFlags } from '../../../src/engine/inference/cancel-flags.ts';

const stateOf = ({ buffer, index }: CancelFlag) => Atomics.load(new Int32Array(buffer), index);

it('each job has a flag of its own in the same memory', () => {
  const flags = new CancelFlags();
  const [a, b] = [flags.take(), flags.take()];
  a.set();
  expect([stateOf(a), stateOf(b), a.buffer === b.buffer]).toEqual([1, 0, true]);
});

it('a slot that is taken again is not set, and no longer obeys who had it before', () => {
  const flags = new CancelFlags();
  const before = flags.take();
  before.set();
  before.release();
  before.release();
  const now = flags.take();
  const other = flags.take();
  before.set();
  expect(now.index).toBe(before.index);
  expect(other.index).not.toBe(now.index);
  expect(stateOf(now)).toBe(0);
});

it('refuses more jobs than there are slots, until one is given back', () => {
  const flags = new CancelFlags();
  const taken = Array.from({ length: 1024 }, () => flags.take());
  expect(new Set(taken.map(({ index }) => index)).size).toBe(1024);
  expect(() => flags.take()).toThrow('More than 1024 jobs at once.');
  taken[7]?.release();
  expect(flags.take().index).toBe(taken[7]?.index);
});
