import { expect, it } from 'vitest';
import { inputsOf, isSource, readyOf, uploadTotals } from '../../../src/renderer/intake/entries.ts';
import { matchOffered } from '../../../src/renderer/intake/match-offered.ts';
import { countNotes } from '../../../src/renderer/intake/notes.ts';
import type { Offered } from '../../../src/shared/contract/input.ts';
import { madeUpEntry } from './made-up-entry.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

it('what is ready can become a batch, with what main knows it by', () => {
  const input = { kind: 'upload' as const, id: ID };
  const entries = [madeUpEntry({ input }), madeUpEntry({ key: 'entry-2', state: 'refused' })];
  expect(readyOf(entries)).toEqual([entries[0]]);
  expect(inputsOf(entries)).toEqual([input]);
});

it('counts what is on its way by bytes, and leaves out what will not come', () => {
  const entries = [
    madeUpEntry({ bytes: 300, state: 'ready' }),
    madeUpEntry({ bytes: 100, state: 'uploading', progress: 0.5 }),
    madeUpEntry({ bytes: 900, state: 'refused' }),
  ];
  expect(uploadTotals(entries)).toEqual({ files: 2, done: 1, share: 350 / 400 });
  expect(uploadTotals([])).toEqual({ files: 0, done: 0, share: 0 });
});

it('finds what an entry has become, whatever main knows it by', () => {
  const upload = madeUpEntry({ input: { kind: 'upload', id: ID } });
  expect(isSource(upload, { source: `/state/uploads/${ID}/trip/one.jpg` })).toBe(true);
  expect(isSource(upload, { source: `C:\\state\\uploads\\${ID}\\one.jpg` })).toBe(true);
  expect(isSource(upload, { source: '/state/uploads/other/one.jpg' })).toBe(false);
  const below = madeUpEntry({ input: { kind: 'path', path: 'trip/one.jpg' } });
  expect(isSource(below, { source: '/photos/trip/one.jpg' }, '/photos')).toBe(true);
  expect(isSource(below, { source: '/photos/other/trip/one.jpg' }, '/photos')).toBe(false);
  const given = madeUpEntry({ input: { kind: 'token', token: 't' }, path: '/home/one.jpg' });
  expect(isSource(given, { source: '/home/one.jpg' })).toBe(true);
  expect(isSource(given, { source: '/home/two.jpg' })).toBe(false);
  expect(isSource(madeUpEntry(), { source: '/home/one.jpg' })).toBe(false);
});

it('offers stand for files in their order; what has no path has none', () => {
  const offer = (name: string): Offered => ({ input: { kind: 'token', token: name }, name, kind: 'picture' });
  const [a, c] = [offer('a.jpg'), offer('c.jpg')];
  expect(matchOffered(['a.jpg', 'image.png', 'c.jpg'], [a, c])).toEqual([a, undefined, c]);
  expect(matchOffered(['a.jpg', 'a.jpg'], [a])).toEqual([a, undefined]);
});

it('says each note once, the most frequent first', () => {
  const files = [{ notes: ['x'] }, { notes: ['y', 'x'] }, { notes: [] }, { notes: ['x', 'z', 'z'] }];
  expect(countNotes(files)).toEqual([
    { note: 'x', count: 3 },
    { note: 'z', count: 2 },
    { note: 'y', count: 1 },
  ]);
});
