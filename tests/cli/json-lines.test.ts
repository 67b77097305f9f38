import { expect, it } from 'vitest';
import { JsonLines } from '../../src/cli/output/json-lines.ts';
import { EnlargerError } from '../../src/shared/errors.ts';
import { beginningOf, fileAt, makeUpFiles, RESULT } from './made-up-batch.ts';

it('every event is an object of its own line, whatever the names hold', () => {
  const written: string[] = [];
  const lines = new JsonLines((text) => written.push(text));
  const refused = new EnlargerError('not-found', '/in/a\n"b".jpg: gone.', { file: '/in/a\n"b".jpg' });
  const beginning = beginningOf(1, {
    skipped: [{ source: '/in/c.jpg', target: '/out/c.jpg', reason: 'done before' }],
    refused: [refused],
  });
  const file = fileAt(makeUpFiles([200, 100]), 0);
  const about = { event: 'file', source: file.source, target: file.target };
  const error = new EnlargerError('too-large', 'Too large.', { cause: new Error('hidden') });
  const progress = { filesDone: 0, filesTotal: 1, tilesDone: 0, tilesTotal: 2, megapixelsPerSecond: 0 };
  const summary = {
    done: 1,
    failed: 1,
    skipped: 1,
    cancelled: 0,
    exitCode: 1,
    milliseconds: 5,
    megapixels: 0.02,
    copiedPerResultByte: 2.5,
  };
  lines.warn('The journal was broken.');
  lines.started(beginning);
  lines.file({ state: 'started', file });
  lines.progress({ ...progress, millisecondsLeft: undefined });
  lines.progress({ ...progress, millisecondsLeft: 1_500 });
  lines.file({ state: 'failed', file, error });
  lines.file({ state: 'done', file, target: '/out/other.jpg', result: RESULT });
  lines.file({ state: 'retried', file, reason: 'the engine died' });
  lines.file({ state: 'skipped', file, reason: 'another file of that name is there' });
  lines.file({ state: 'cancelled', file });
  lines.obstacle('/out: is gone.');
  lines.obstacle(undefined);
  lines.interrupted(7);
  lines.finished({ ...summary, report: undefined });
  expect(written.map((line) => [line.match(/\n/g), JSON.parse(line)])).toEqual(
    [
      { event: 'warning', message: 'The journal was broken.' },
      { event: 'start', batch: 7, out: beginning.out, plan: beginning.plan, files: 1 },
      { event: 'file', state: 'skipped', source: '/in/c.jpg', target: '/out/c.jpg', reason: 'done before' },
      { event: 'file', state: 'failed', source: refused.file, error: JSON.parse(JSON.stringify(refused)) },
      { ...about, state: 'started' },
      { event: 'progress', ...progress, millisecondsLeft: null },
      { event: 'progress', ...progress, millisecondsLeft: 1_500 },
      { ...about, state: 'failed', error: { code: 'too-large', message: 'Too large.' } },
      { ...about, state: 'done', target: '/out/other.jpg', result: RESULT },
      { ...about, state: 'retried', reason: 'the engine died' },
      { ...about, state: 'skipped', reason: 'another file of that name is there' },
      { ...about, state: 'cancelled' },
      { event: 'waiting', reason: '/out: is gone.' },
      { event: 'waiting', reason: null },
      { event: 'interrupted', batch: 7 },
      { event: 'summary', ...summary },
    ].map((line) => [['\n'], line]),
  );
});
