import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/pictures.ts';
import { endings, filesIn, journaled, openWorkshop, pictures, queue, work } from './batch-run.ts';

const NAMES = Array.from({ length: 16 }, (_, index) => `${String(index).padStart(2, '0')}.jpg`);
const RESULTS = NAMES.map((name) => name.replace('.jpg', '-x2.jpg'));
const DONE = Object.fromEntries(NAMES.map((name) => [name, 'done']));

it('two runners share a batch: every file is done once', async () => {
  const root = await pictures(...NAMES);
  const state = await temporaryFolder();
  const [one, two] = [await openWorkshop({}, state), await openWorkshop({}, state)];
  const batchId = await queue(root, one);
  const ran = await Promise.all([work(one, batchId), work(two, batchId)]);
  const ended = ran.map(({ events }) => endings(events));
  expect(ended.flat().sort()).toEqual(NAMES.map((name) => [name, 'done']));
  expect(ended.map(({ length }) => length > 0)).toEqual([true, true]);
  expect(ran.map(({ state }) => state)).toContain('done');
  expect(await journaled(one, batchId)).toEqual(DONE);
  const files = await one.jobs.files(batchId);
  expect(files.map(({ attempts }) => attempts)).toEqual(files.map(() => 1));
  expect(await filesIn(join(root, 'out'))).toEqual(RESULTS);
});

it('a runner and another program share a batch: every file is done once', async () => {
  const root = await pictures(...NAMES);
  const state = await temporaryFolder();
  const workshop = await openWorkshop({}, state);
  const batchId = await queue(root, workshop);
  const program = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'index.ts');
  const args = ['resume', String(batchId), '--json', '--workers', '1'];
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ENLARGER_HOME: state },
  });
  const closed = once(child, 'close');
  const [{ events }, said] = await Promise.all([work(workshop, batchId), text(child.stdout)]);
  await closed;
  const here = endings(events);
  const there = said.split('\n').filter((line) => line.includes('"state":"done"'));
  expect(here.length + there.length).toBe(NAMES.length);
  expect(await journaled(workshop, batchId)).toEqual(DONE);
  expect(await filesIn(join(root, 'out'))).toEqual(RESULTS);
});
