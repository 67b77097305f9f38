import { describe, expect, it } from 'vitest';
import { chooseVictim, deal, mayFillInbox } from '../../../src/engine/scheduling/dealing.ts';
import { chooseLane, nextStreak } from '../../../src/engine/scheduling/lane-choice.ts';
import { TileDeque } from '../../../src/engine/scheduling/tile-deque.ts';
import { compareRanks, distanceFrom, type Rank } from '../../../src/engine/scheduling/tile-order.ts';

describe('compareRanks', () => {
  const rank = (more: Partial<Rank> = {}): Rank => ({
    focused: false,
    jobOrder: 0,
    distance: 0,
    index: 0,
    ...more,
  });

  it.each<[string, Partial<Rank>, Partial<Rank>]>([
    ['a focused job before an older one', { focused: true, jobOrder: 5 }, { jobOrder: 1 }],
    ['an older job before a younger one', { jobOrder: 1, index: 9 }, { jobOrder: 2, index: 0 }],
    [
      'an older focused job before a younger',
      { focused: true, jobOrder: 1, distance: 9 },
      { focused: true, jobOrder: 2 },
    ],
    ['near tiles before far ones', { focused: true, distance: 1, index: 9 }, { focused: true, distance: 2 }],
    [
      'scan order at equal distance',
      { focused: true, distance: 1, index: 3 },
      { focused: true, distance: 1, index: 4 },
    ],
    ['scan order without a focus', { index: 3 }, { index: 4 }],
  ])('puts %s', (_name, first, second) => {
    expect(compareRanks(rank(first), rank(second))).toBeLessThan(0);
    expect(compareRanks(rank(second), rank(first))).toBeGreaterThan(0);
  });

  it('finds a rank equal to itself', () => {
    expect(compareRanks(rank({ focused: true }), rank({ focused: true }))).toBe(0);
  });
});

describe('distanceFrom', () => {
  it.each([
    [undefined, { x: 3, y: 4 }, 0],
    [{ x: 0, y: 0 }, { x: 3, y: 4 }, 25],
    [{ x: 3, y: 6 }, { x: 3, y: 4 }, 4],
  ])('from %j to %j is %d', (focus, tile, squared) => {
    expect(distanceFrom(focus, tile)).toBe(squared);
  });
});

describe('chooseLane', () => {
  it.each([
    [{ interactive: 0, batch: 0 }, 0, undefined],
    [{ interactive: 3, batch: 0 }, 0, 'interactive'],
    [{ interactive: 3, batch: 0 }, 9, 'interactive'],
    [{ interactive: 0, batch: 3 }, 0, 'batch'],
    [{ interactive: 3, batch: 3 }, 0, 'interactive'],
    [{ interactive: 3, batch: 3 }, 1, 'interactive'],
    [{ interactive: 3, batch: 3 }, 2, 'batch'],
  ])('from %j after a streak of %d takes %s', (queued, streak, lane) => {
    expect(chooseLane(queued, streak, 2)).toBe(lane);
  });

  it.each([
    ['interactive', { interactive: 1, batch: 1 }, 4],
    ['interactive', { interactive: 1, batch: 0 }, 0],
    ['batch', { interactive: 1, batch: 1 }, 0],
  ] as const)('counts %s taken from %j: a streak of 3 becomes %d', (lane, queued, streak) => {
    expect(nextStreak(3, lane, queued)).toBe(streak);
  });
});

describe('deal', () => {
  it.each<[string, number[], number[], number[]]>([
    ['in turn at equal costs', [1, 1, 1, 1, 1], [0, 0], [0, 1, 0, 1, 0]],
    ['around an expensive tile', [5, 1, 1, 1], [0, 0], [0, 1, 1, 1]],
    ['to who has less already', [1, 1, 1], [2, 0], [1, 1, 0]],
    ['to the only one', [1, 1], [7], [0, 0]],
    ['nothing', [], [0, 0], []],
  ])('goes %s', (_name, costs, loads, places) => {
    expect(deal(costs, loads)).toEqual(places);
  });
});

describe('chooseVictim', () => {
  it.each<[string, [length: number, cost: number][], number | undefined]>([
    ['nobody', [], undefined],
    [
      'nobody who has nothing',
      [
        [0, 0],
        [0, 0],
      ],
      undefined,
    ],
    [
      'the costliest',
      [
        [1, 1],
        [2, 3],
        [1, 2],
      ],
      1,
    ],
    [
      'the costliest, though others have more tiles',
      [
        [9, 2],
        [1, 3],
      ],
      1,
    ],
    [
      'the first of equals',
      [
        [0, 0],
        [1, 2],
        [1, 2],
      ],
      1,
    ],
    [
      'a deque whose costs were rounded away',
      [
        [0, 0],
        [1, 0],
      ],
      1,
    ],
  ])('is %s', (_name, loads, victim) => {
    expect(chooseVictim(loads.map(([length, cost]) => ({ length, cost })))).toBe(victim);
  });
});

describe('mayFillInbox', () => {
  it.each([
    [1, 1, true],
    [0, 1, true],
    [3, 2, true],
    [2, 2, false],
    [1, 2, false],
  ])('with %d queued for %d workers: %s', (queued, workers, may) => {
    expect(mayFillInbox(queued, workers)).toBe(may);
  });
});

describe('TileDeque', () => {
  const dequeOf = (costs: number[]) => {
    const deque = new TileDeque<{ cost: number }>((a, b) => a.cost - b.cost);
    deque.add(costs.map((cost) => ({ cost })));
    return deque;
  };
  const drain = (deque: TileDeque<{ cost: number }>) =>
    Array.from({ length: deque.length }, () => deque.take()?.cost);

  it('gives the most urgent first, whenever it was added', () => {
    const deque = dequeOf([4, 1, 3]);
    deque.add([{ cost: 2 }, { cost: 5 }]);
    expect(drain(deque)).toEqual([1, 2, 3, 4, 5]);
  });

  it('knows its length and cost', () => {
    const deque = dequeOf([4, 1, 3]);
    expect([deque.length, deque.cost]).toEqual([3, 8]);
    deque.take();
    expect([deque.length, deque.cost]).toEqual([2, 7]);
    deque.takeAll(({ cost }) => cost === 4);
    expect([deque.length, deque.cost]).toEqual([1, 3]);
  });

  it('costs nothing when empty, whatever was rounded away', () => {
    const deque = dequeOf([0.1, 0.2, 0.3]);
    drain(deque);
    expect([deque.cost, deque.take()]).toEqual([0, undefined]);
  });

  it('takes out what matches, most urgent first, and keeps the rest in order', () => {
    const deque = dequeOf([5, 2, 4, 1, 3]);
    expect(deque.takeAll(({ cost }) => cost % 2 === 1).map(({ cost }) => cost)).toEqual([1, 3, 5]);
    expect(deque.takeAll(() => false)).toEqual([]);
    expect(drain(deque)).toEqual([2, 4]);
  });
});
