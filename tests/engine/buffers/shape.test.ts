import { describe, expect, it } from 'vitest';
import { parseShape } from '../../../src/engine/buffers/shape.ts';
import { codeOf, makePool } from './support.ts';

describe('a pool shape', () => {
  it('comes back sorted by size', () => {
    const shape = {
      classes: [
        { byteLength: 30, slots: 1 },
        { byteLength: 10, slots: 2 },
        { byteLength: 20, slots: 1 },
      ],
      budgetBytes: 70,
    };
    expect(parseShape(shape)).toEqual({
      classes: [
        { byteLength: 10, slots: 2 },
        { byteLength: 20, slots: 1 },
        { byteLength: 30, slots: 1 },
      ],
      budgetBytes: 70,
    });
    expect(shape.classes[0]?.byteLength).toBe(30);
  });

  it.each([
    ['a budget below the slots', [{ byteLength: 10, slots: 2 }], 19, /budgetBytes \(19\) but received 20/],
    ['a size of nothing', [{ byteLength: 0, slots: 1 }], 10, /class byteLength but received 0/],
    ['a broken size', [{ byteLength: 1.5, slots: 1 }], 10, /class byteLength but received 1.5/],
    ['no slots', [{ byteLength: 1, slots: 0 }], 10, /class slots but received 0/],
    [
      'endless slots',
      [{ byteLength: 1, slots: Number.POSITIVE_INFINITY }],
      10,
      /slots but received Infinity/,
    ],
    ['a negative budget', [], -1, /budgetBytes but received -1 of type number/],
    [
      'a size twice',
      [
        { byteLength: 1, slots: 1 },
        { byteLength: 1, slots: 2 },
      ],
      10,
      /received 1 twice/,
    ],
  ])('is refused with %s', (_, classes, budgetBytes, message) => {
    const make = () => makePool({ classes, budgetBytes });
    expect(codeOf(make)).toBe('bad-argument');
    expect(make).toThrow(message);
  });

  it('is refused where the system has not the memory', () => {
    const make = () => makePool({ classes: [{ byteLength: 2 ** 50, slots: 1 }], budgetBytes: 2 ** 50 });
    expect(codeOf(make)).toBe('out-of-memory');
    expect(make).toThrow(/1125899906842624 bytes/);
  });
});
