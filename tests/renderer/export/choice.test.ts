import { expect, it } from 'vitest';
import {
  type ExportFolder,
  listedResults,
  selectedResults,
  targetOf,
  waysOf,
} from '../../../src/renderer/export/choice.ts';
import { madeUpFile } from '../compare/made-up-file.ts';
import { madeUpBatch } from '../made-up-batch.ts';

const prints: ExportFolder = { out: { kind: 'path', path: 'prints' }, label: '/home/me/prints' };
const how = { name: ' holidays ', onCollision: 'skip' as const };

it('offers what the shell can do, the usual way first', () => {
  expect(waysOf({ shell: 'web', canPickFolders: false })).toEqual(['download']);
  expect(waysOf({ shell: 'web', canPickFolders: false, root: '/srv' })).toEqual([
    ...['download', 'folder', 'zip'],
  ]);
  expect(waysOf({ shell: 'desktop', canPickFolders: true })).toEqual(['folder', 'zip']);
});

it('takes of the selection what has a result', () => {
  const files = new Map([
    [1, madeUpFile({ id: 1, state: 'done' })],
    [2, madeUpFile({ id: 2, state: 'failed' })],
    [3, madeUpFile({ id: 3, state: 'done' })],
  ]);
  expect(selectedResults(files, new Set([3, 2, 1, 7, 'entry']))).toEqual([3, 1]);
});

it('counts the results of what is in the list', () => {
  const batches = new Map([
    [1, madeUpBatch({ id: 1, files: { done: 3, failed: 1 } })],
    [2, madeUpBatch({ id: 2, files: { queued: 2 } })],
    [3, madeUpBatch({ id: 3, files: { done: 2 } })],
    [4, madeUpBatch({ id: 4, files: { done: 9 } })],
  ]);
  expect(listedResults(batches, [1, 2, 3, 5])).toEqual({ batchIds: [1, 3], count: 5 });
});

it('asks for a folder, and for a name, before anything is written', () => {
  expect(targetOf('download', undefined, how)).toEqual({ kind: 'download' });
  expect(targetOf('folder', undefined, how)).toBeUndefined();
  expect(targetOf('folder', prints, how)).toEqual({ kind: 'folder', out: prints.out, onCollision: 'skip' });
  expect(targetOf('zip', prints, how)).toEqual({ kind: 'zip', out: prints.out, name: 'holidays' });
  expect(targetOf('zip', prints, { ...how, name: '  ' })).toBeUndefined();
});
