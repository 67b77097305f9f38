import { describe, expect, it } from 'vitest';
import {
  type ClassState,
  chooseClass,
  chooseGrowth,
  chooseWaiter,
  largestOneOff,
  roomForOneOffs,
} from '../../../src/engine/buffers/policy.ts';

function classOf(byteLength: number, free: number, slots = 2, made = slots): ClassState {
  return { byteLength, slots, made, free: { length: free } };
}

describe('chooseClass', () => {
  const classes = (free100: number, free300: number) => [classOf(100, free100), classOf(300, free300)];

  it.each([
    ['the smallest that fits', 100, classes(1, 1), 100],
    ['none smaller than asked', 101, classes(1, 1), 300],
    ['a larger one if the best is empty', 50, classes(0, 1), 300],
    ['none if only smaller ones are free', 101, classes(2, 0), undefined],
    ['none if all are empty', 1, classes(0, 0), undefined],
    ['none above the largest', 301, classes(1, 1), undefined],
    ['none of none', 1, [], undefined],
  ])('takes %s', (_, byteLength, state, expected) => {
    expect(chooseClass(state, byteLength)?.byteLength).toBe(expected);
  });
});

describe('chooseWaiter', () => {
  const choose = (sizes: number[], slotBytes: number, roomBytes: number) => {
    const waiters = sizes.map((byteLength) => ({ byteLength }));
    const chosen = chooseWaiter(waiters, { slotBytes, largestClassBytes: 300, roomBytes });
    return chosen === undefined ? undefined : waiters.indexOf(chosen);
  };

  it.each([
    ['the oldest that the slot fits', [300, 100, 50], 100, 0, 1],
    ['the very oldest if it fits', [50, 100], 100, 0, 0],
    ['none that is too large for the slot', [300, 200], 100, 1000, undefined],
    ['a one-off that has room', [300, 400], 100, 400, 1],
    ['no one-off without room', [400], 300, 399, undefined],
    ['no smaller one-off before an older one', [500, 400], 0, 400, undefined],
    ['a slot waiter behind a one-off without room', [500, 100], 100, 400, 1],
    ['a one-off behind a slot waiter without slot', [300, 500], 0, 500, 1],
    ['nobody of nobody', [], 300, 1000, undefined],
  ])('picks %s', (_, sizes, slotBytes, roomBytes, expected) => {
    expect(choose(sizes, slotBytes, roomBytes)).toBe(expected);
  });
});

describe('room', () => {
  it.each([
    ['slots take their share', [classOf(100, 2), classOf(300, 0)], 0, 1000, 200],
    ['one-offs take theirs', [classOf(100, 2)], 300, 1000, 500],
    ['slots not made yet count', [classOf(100, 0, 3, 1)], 0, 1000, 700],
    ['slots not returned yet count', [classOf(100, 0, 1, 3)], 0, 1000, 700],
    ['there is never less than none', [classOf(100, 0, 1, 3)], 0, 200, 0],
  ])('for one-offs: %s', (_, classes, oneOffs, budget, expected) => {
    expect(roomForOneOffs(classes, oneOffs, budget)).toBe(expected);
  });

  it('of an idle pool is what the slots of the shape leave', () => {
    expect(largestOneOff([classOf(100, 0, 2, 5), classOf(300, 0, 1, 0)], 1000)).toBe(500);
  });
});

describe('chooseGrowth', () => {
  it.each([
    ['the smallest class that lacks slots', [classOf(100, 0, 2, 1), classOf(300, 0, 2, 1)], 1000, 100],
    ['a class that is complete never', [classOf(100, 0, 2, 2), classOf(300, 0, 2, 1)], 1000, 300],
    ['none that exceeds what is free', [classOf(300, 0, 2, 1)], 299, undefined],
    ['one that takes all that is free', [classOf(300, 0, 2, 1)], 300, 300],
  ])('grows %s', (_, classes, freeBytes, expected) => {
    expect(chooseGrowth(classes, freeBytes)?.byteLength).toBe(expected);
  });
});
