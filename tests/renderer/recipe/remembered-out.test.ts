import { describe, expect, it } from 'vitest';
import { belowRoot } from '../../../src/renderer/recipe/out-store.ts';
import { restoredOut } from '../../../src/renderer/recipe/remembered-out.ts';
import type { Offered } from '../../../src/shared/contract/input.ts';

const recent: Offered[] = [
  { input: { kind: 'token', token: 'a' }, name: 'Prints', path: '/home/me/Prints', kind: 'folder' },
];

describe('restoredOut', () => {
  it('keeps a folder below the same root, and no other', () => {
    const remembered = { kind: 'below', root: '/photos', path: 'out' } as const;
    expect(restoredOut(remembered, { root: '/photos' }, [])).toEqual({ kind: 'path', path: 'out' });
    expect(restoredOut(remembered, { root: '/other' }, [])).toBeUndefined();
    expect(restoredOut(remembered, {}, [])).toBeUndefined();
  });

  it('takes the token of this run for a folder that main remembers', () => {
    expect(restoredOut({ kind: 'folder', path: '/home/me/Prints' }, {}, recent)).toEqual({
      kind: 'token',
      token: 'a',
    });
    expect(restoredOut({ kind: 'folder', path: '/home/me/Gone' }, {}, recent)).toBeUndefined();
  });

  it('has nothing to restore of what is kept, or was never chosen', () => {
    expect(restoredOut({ kind: 'kept' }, { root: '/photos' }, recent)).toBeUndefined();
    expect(restoredOut(undefined, { root: '/photos' }, recent)).toBeUndefined();
  });
});

describe('belowRoot', () => {
  it.each([
    ['/photos', '', '/photos'],
    ['/photos', 'trip/day 1', '/photos/trip/day 1'],
    ['/', 'trip', '/trip'],
    ['C:\\Photos', 'trip/day', 'C:\\Photos\\trip\\day'],
  ])('names what lies in %s at %j', (root, path, name) => {
    expect(belowRoot(root, path)).toBe(name);
  });
});
