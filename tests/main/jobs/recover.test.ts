import { access, link, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Intent, JobCalls, LeasedFile, Owner } from '../../../src/main/jobs/job-store.ts';
import { recover } from '../../../src/main/jobs/recover.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { intentFor, inWork, newCalls, resultAt, writeText } from './made-up-jobs.ts';

interface Scene {
  jobs: JobCalls;
  out: string;
  owner: Owner;
  file: LeasedFile;
  batchId: number;
}

/** One file in work for an owner who is about to be gone. */
async function scene(): Promise<Scene> {
  const jobs = await newCalls();
  const out = await temporaryFolder();
  const { owner, files, batchId } = await inWork(jobs, 'a', out);
  return { jobs, out, owner, file: files[0] as LeasedFile, batchId };
}

async function intend({ jobs, owner, file }: Scene, changes: Partial<Intent> = {}): Promise<Intent> {
  const intent = { ...intentFor(file.target, file.temporary), ...changes };
  await jobs.intend(owner, file.id, intent);
  return intent;
}

async function recovered({ jobs, owner }: Scene) {
  await jobs.retire(owner);
  return jobs.recover(await jobs.registerOwner());
}

it('a file that was being enlarged is queued again, its temporary file gone', async () => {
  const before = await scene();
  await writeText(before.file.temporary, 'half a res');
  expect(await recovered(before)).toEqual({ done: [], ready: [], requeued: [before.file.id] });
  expect(await before.jobs.file(before.file.id)).toMatchObject({ state: 'queued', attempts: 1 });
  expect(await readdir(before.out)).toEqual([]);
});

it('a result that has its name is done', async () => {
  const before = await scene();
  const intent = await intend(before);
  await writeText(intent.temporary, 'result');
  await link(intent.temporary, intent.target);
  expect(await recovered(before)).toEqual({ done: [before.file.id], ready: [], requeued: [] });
  expect(await before.jobs.file(before.file.id)).toMatchObject({
    state: 'done',
    result: resultAt(intent.target),
  });
  expect(await readdir(before.out)).toEqual(['a.jpg']);
});

it('a result that was finished only needs its name', async () => {
  const before = await scene();
  const intent = await intend(before);
  await writeText(intent.temporary, 'result');
  const { ready, ...others } = await recovered(before);
  expect(others).toEqual({ done: [], requeued: [] });
  expect(ready).toMatchObject([{ file: { id: before.file.id, temporary: intent.temporary }, intent }]);
  expect(await readdir(before.out)).toEqual([basename(intent.temporary)]);
});

it('a result that is not what it was to be is made again', async () => {
  const before = await scene();
  const intent = await intend(before);
  await writeText(intent.temporary, 'resulT');
  await writeText(intent.target, 'something else');
  expect((await recovered(before)).requeued).toEqual([before.file.id]);
  expect(await readdir(before.out)).toEqual(['a.jpg']);
  expect(await readFile(intent.target, 'utf8')).toBe('something else');
});

it('the name counts that was tried last', async () => {
  const before = await scene();
  await writeText(before.file.target, 'somebody else');
  await intend(before);
  const numbered = join(before.out, 'a (2).jpg');
  await intend(before, { target: numbered });
  await writeText(numbered, 'result');
  expect((await recovered(before)).done).toEqual([before.file.id]);
  expect((await before.jobs.file(before.file.id)).result?.target).toBe(numbered);
});

it('an empty file that claimed the name is cleared away for the result', async () => {
  const before = await scene();
  const intent = await intend(before);
  await writeText(intent.temporary, 'result');
  await writeText(intent.target, '');
  expect((await recovered(before)).ready).toHaveLength(1);
  await expect(access(intent.target)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('nothing is removed that is not called like a temporary file of ours', async () => {
  const before = await scene();
  const precious = await writeText(join(before.out, 'precious.jpg'), 'original');
  await intend(before, { temporary: precious });
  expect((await recovered(before)).requeued).toEqual([before.file.id]);
  expect(await readdir(before.out)).toEqual(['precious.jpg']);
});

it('files whose folder is gone are queued again', async () => {
  const before = await scene();
  await intend(before);
  await rm(before.out, { recursive: true });
  expect((await recovered(before)).requeued).toEqual([before.file.id]);
});

it.each(['reclaim', 'finish'] as const)(
  'dying right before or after %s changes nothing for the next',
  async (step) => {
    const before = await scene();
    const { jobs, file, owner } = before;
    const intent = await intend(before);
    await writeText(intent.temporary, 'result');
    await link(intent.temporary, intent.target);
    await jobs.retire(owner);
    const dying = await jobs.registerOwner();
    const power = new Error('The power failed.');
    const failing = {
      reclaim: async (by: Owner) => {
        const reclaimed = await jobs.reclaim(by);
        if (step === 'reclaim') throw power;
        return reclaimed;
      },
      finish: async () => {
        throw power;
      },
      requeue: jobs.requeue,
    };
    await expect(recover(failing, dying)).rejects.toBe(power);
    await jobs.retire(dying);
    expect((await jobs.recover(await jobs.registerOwner())).done).toEqual([file.id]);
    expect(await jobs.recover(await jobs.registerOwner())).toEqual({ done: [], ready: [], requeued: [] });
    expect(await readdir(before.out)).toEqual(['a.jpg']);
  },
);
