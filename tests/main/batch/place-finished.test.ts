import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { placeFinished } from '../../../src/main/batch/place-result.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { intentFor, newBatch } from '../jobs/made-up-jobs.ts';

/** A file whose result was finished and intended when the program died: it only lacks its name. */
async function lackingItsName(onCollision = 'skip') {
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, await temporaryFolder());
  onTestFinished(async () => {
    await jobs.close();
    await worker.close();
  });
  const out = join(await temporaryFolder(), 'out');
  await mkdir(out);
  const batchId = await jobs.addBatch(newBatch('a', { out, recipe: { out, onCollision } }));
  const dead = await jobs.registerOwner();
  for (const { id, target, temporary } of await jobs.take(batchId, dead, 1)) {
    await writeFile(temporary, 'result');
    await jobs.intend(dead, id, intentFor(target, temporary));
  }
  await jobs.retire(dead);
  const owner = await jobs.registerOwner();
  const { ready } = await jobs.recover(owner);
  expect(ready).toHaveLength(1);
  const placed = async () => {
    await placeFinished({ jobs, owner }, ready);
    const [file] = await jobs.files(batchId);
    return [file?.state, file?.reason, await readdir(out).catch(() => 'no folder')];
  };
  return { out, placed, target: join(out, 'a.jpg') };
}

it('gives it, and the file is done', async () => {
  const { placed, target } = await lackingItsName();
  expect(await placed()).toEqual(['done', null, ['a.jpg']]);
  expect(await readFile(target, 'utf8')).toBe('result');
});

it('leaves what has come to stand there, or goes round it, as the batch was told to', async () => {
  const skipping = await lackingItsName('skip');
  await writeFile(skipping.target, 'another program');
  expect(await skipping.placed()).toEqual(['skipped', 'another file of that name is there', ['a.jpg']]);
  expect(await readFile(skipping.target, 'utf8')).toBe('another program');
  const numbering = await lackingItsName('number');
  await writeFile(numbering.target, 'another program');
  expect(await numbering.placed()).toEqual(['done', null, ['a (2).jpg', 'a.jpg']]);
});

it('queues the file again where it cannot be given, and leaves nothing behind', async () => {
  const gone = await lackingItsName();
  await rm(gone.out, { recursive: true });
  expect(await gone.placed()).toEqual(['queued', null, 'no folder']);
  const blocked = await lackingItsName('overwrite');
  await mkdir(blocked.target);
  expect(await blocked.placed()).toEqual(['queued', null, ['a.jpg']]);
});
