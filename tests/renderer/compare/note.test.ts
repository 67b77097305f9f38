import { describe, expect, test } from 'vitest';
import { noteOf } from '../../../src/renderer/compare/note.ts';
import { isComparable, nameOf, type Subject, scaleOf } from '../../../src/renderer/compare/subject.ts';
import type { Entry } from '../../../src/renderer/intake/intake-store.ts';
import type { FileRecord } from '../../../src/shared/jobs.ts';
import { madeUpFile } from './made-up-file.ts';

const ofFile = (wanted: Partial<FileRecord>): Subject => ({
  kind: 'file',
  scale: 2,
  file: madeUpFile(wanted),
});
const ofEntry = (wanted: Partial<Entry>): Subject => ({
  kind: 'entry',
  scale: 2,
  entry: {
    key: 'a',
    group: 1,
    name: 'a.jpg',
    folder: '',
    kind: 'picture',
    bytes: 1,
    state: 'ready',
    progress: 1,
    ...wanted,
  },
});
describe('what is said at length', () => {
  test('of what failed: why, and that it can be tried again', () => {
    expect(noteOf(ofFile({ state: 'failed', reason: 'Broken.' }), false)).toEqual({
      title: 'failed',
      reason: 'Broken.',
      bad: true,
      retry: 'failed',
    });
  });

  test('of what was refused before anything was planned: that it failed, and no more', () => {
    expect(noteOf(ofFile({ state: 'failed', planKey: null }), false)).not.toHaveProperty('retry');
  });

  test('of what was cancelled: that it can be enlarged after all', () => {
    expect(noteOf(ofFile({ state: 'cancelled' }), false)).toMatchObject({
      title: 'cancelled',
      bad: false,
      retry: 'cancelled',
    });
  });

  test('of what was left out: why', () => {
    expect(noteOf(ofFile({ state: 'skipped', reason: 'It is there.' }), false)).toEqual({
      title: 'skipped',
      reason: 'It is there.',
      bad: false,
    });
  });

  test('nothing while all is well', () => {
    for (const state of ['queued', 'decoding', 'enhancing', 'encoding', 'done'] as const) {
      expect(noteOf(ofFile({ state }), false)).toBeUndefined();
    }
    expect(noteOf(ofEntry({}), false)).toBeUndefined();
  });

  test('that there is nothing to be seen', () => {
    expect(noteOf(ofFile({}), true)?.title).toBe('unseen');
    expect(noteOf(ofEntry({}), true)?.title).toBe('unseen');
    expect(noteOf(ofEntry({ kind: 'folder' }), false)?.title).toBe('folder');
  });

  test('why something cannot be enlarged', () => {
    expect(noteOf(ofEntry({ state: 'refused', reason: 'A film.' }), false)).toEqual({
      title: 'refused',
      reason: 'A film.',
      bad: true,
    });
  });
});

test('the scale is in the recipe of the batch, or it is not known', () => {
  expect(scaleOf({ scale: 4 })).toBe(4);
  for (const recipe of [undefined, null, 'x', {}, { scale: '2' }, { scale: 0 }, { scale: 1.5 }]) {
    expect(scaleOf(recipe)).toBeUndefined();
  }
});

test('there is something to compare with from when work begins', () => {
  expect(isComparable(madeUpFile({ state: 'queued' }))).toBe(false);
  expect(isComparable(madeUpFile({ state: 'enhancing' }))).toBe(true);
  expect(isComparable(madeUpFile({ state: 'enhancing', facts: null }))).toBe(false);
  expect(isComparable(madeUpFile({ state: 'failed' }))).toBe(false);
});

test('a photograph is called by its file name', () => {
  expect(nameOf(ofFile({}))).toBe('one.jpg');
  expect(nameOf(ofEntry({}))).toBe('a.jpg');
});
