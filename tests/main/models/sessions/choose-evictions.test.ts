import { expect, it } from 'vitest';
import { chooseEvictions, type Evictable } from '../../../../src/main/models/sessions/choose-evictions.ts';

const session = (key: string, bytes: number, lastUsed: number, references = 0): Evictable => ({
  key,
  bytes,
  lastUsed,
  references,
});

const policy = { budgetBytes: 100, idleMs: 1000 };

it.each<[what: string, sessions: Evictable[], now: number, evicted: string[]]>([
  ['nothing while all fits', [session('a', 50, 0), session('b', 50, 0)], 999, []],
  ['the least recently used beyond the budget', [session('a', 60, 5), session('b', 60, 1)], 10, ['b']],
  ['as many as it takes', [session('a', 60, 3), session('b', 60, 1), session('c', 60, 2)], 10, ['b', 'c']],
  [
    'what has been idle for too long, though there is room',
    [session('a', 1, 0), session('b', 1, 500)],
    1000,
    ['a'],
  ],
  ['never what is in use', [session('a', 90, 0, 1), session('b', 90, 1, 2)], 5000, []],
  ['what is not in use for the sake of what is', [session('a', 100, 0, 1), session('b', 1, 9)], 10, ['b']],
  ['nothing of nothing', [], 0, []],
])('evicts %s', (_what, sessions, now, evicted) => {
  expect(chooseEvictions(sessions, policy, now)).toEqual(evicted);
});
