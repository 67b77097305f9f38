import { expect, it } from 'vitest';
import { endedSince, runningShare, shareOf } from '../../../src/renderer/export/export-facts.ts';
import type { Export } from '../../../src/shared/contract/exports.ts';

const madeUp = (given: Partial<Export> = {}): Export => ({
  id: 1,
  kind: 'zip',
  state: 'running',
  target: '/home/me/enlarged.zip',
  filesDone: 0,
  filesTotal: 4,
  bytesDone: 0,
  bytesTotal: 400,
  skipped: 0,
  problems: [],
  ...given,
});

it('counts by bytes, and by files where there are none', () => {
  expect(shareOf(madeUp({ bytesDone: 100, filesDone: 3 }))).toBe(0.25);
  expect(shareOf(madeUp({ bytesTotal: 0, filesDone: 1 }))).toBe(0.25);
  expect(shareOf(madeUp({ state: 'done', bytesDone: 300 }))).toBe(1);
});

it('takes all that run together, and those alone', () => {
  const one = madeUp({ bytesDone: 100 });
  const other = madeUp({ id: 2, bytesDone: 500, bytesTotal: 600 });
  expect(runningShare([one, other, madeUp({ id: 3, state: 'done' })])).toBe(0.6);
  expect(runningShare([madeUp({ state: 'cancelled' })])).toBeUndefined();
});

it('tells which have ended, not those that had before', () => {
  const before = new Map([madeUp(), madeUp({ id: 2 }), madeUp({ id: 3, state: 'done' })].map(byId));
  const now = new Map(
    [
      madeUp(),
      madeUp({ id: 2, state: 'failed' }),
      madeUp({ id: 3, state: 'done' }),
      madeUp({ id: 4, state: 'done' }),
    ].map(byId),
  );
  expect(endedSince(before, now).map(({ id }) => id)).toEqual([2]);
});

const byId = (one: Export) => [one.id, one] as const;
