import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { journalPath, newBatch, openCalls } from './made-up-jobs.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => String(index));

/** A process that works off batch 1, and the ids that it says are done. */
function startWriting(path: string): { child: ChildProcess; done: number[]; ended: Promise<unknown> } {
  const script = fileURLToPath(new URL('./writing-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dirname(path)], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const done: number[] = [];
  createInterface(child.stdout).on('line', (line) => done.push(Number(line)));
  return { child, done, ended: once(child, 'close') };
}

it('a process that is killed loses nothing that it had committed, and its files are taken over at once', async () => {
  const path = await journalPath();
  const before = openCalls(path);
  const batchId = await before.addBatch(newBatch(names(5_000)));
  before.close();
  const { child, done, ended } = startWriting(path);
  while (done.length < 20) await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGKILL');
  await ended;
  const db = new DatabaseSync(path);
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  db.close();
  const jobs = openCalls(path);
  const journaled = (await jobs.files(batchId, { states: ['done'], limit: 5_000 })).map(({ id }) => id);
  expect(journaled).toEqual(expect.arrayContaining(done));
  const { recovered, inWork } = await recoverAll();
  expect(recovered).toEqual(inWork);
  expect((await jobs.batch(batchId)).files).toMatchObject({
    ...{ decoding: 0, enhancing: 0, queued: 5_000 - journaled.length },
  });

  async function recoverAll() {
    const inWork = (await jobs.files(batchId, { states: ['decoding', 'enhancing'] })).map(({ id }) => id);
    const recovery = await jobs.recover(await jobs.registerOwner());
    return { recovered: recovery.requeued, inWork };
  }
});

it('two processes on one journal never get the same file', async () => {
  const path = await journalPath();
  const jobs = openCalls(path);
  const batchId = await jobs.addBatch(newBatch(names(300)));
  const writers = [startWriting(path), startWriting(path)];
  await Promise.all(writers.map(({ ended }) => ended));
  const all = writers.flatMap(({ done }) => done).sort((a, b) => a - b);
  expect(all).toEqual((await jobs.files(batchId)).map(({ id }) => id));
  expect((await jobs.files(batchId)).filter(({ attempts }) => attempts !== 1)).toEqual([]);
});
