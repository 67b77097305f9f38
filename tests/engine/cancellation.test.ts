import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exists, jobFor, leftovers, NOTHING_LEFT, outcomeOf, readyEngine } from '../support/engine.ts';
import { planFor } from '../support/models.ts';
import { writePicture } from '../support/pictures.ts';

/** An engine with three jobs, of which the first is large and being enhanced. */
async function threeJobs() {
  const { engine, folder, scratch } = await readyEngine();
  const jobs = await Promise.all(
    [640, 64, 64].map(async (side, index) =>
      jobFor(await writePicture(join(folder, `${index}.png`), { width: side, height: side }), 'png', {
        plan: planFor({ tile: 16 }),
      }),
    ),
  );
  const enhancing = new Promise<void>((resolve) => {
    engine.onProgress((states) => {
      if (states.some(({ tilesDone }) => tilesDone > 0)) resolve();
    });
  });
  const outcomes = jobs.map((job) => outcomeOf(engine.enhance(job)));
  await enhancing;
  return { engine, scratch, jobs, outcomes };
}

it('cancels one job and leaves the others', async () => {
  const { engine, jobs, outcomes } = await threeJobs();
  const cancellation = engine.cancel([jobs[0]?.jobId as number]);
  await cancellation.acknowledged;
  await cancellation.whenCleaned();
  expect(await Promise.all(outcomes)).toEqual(['cancelled', 'done', 'done']);
});

it('cancels all, and all is clean when it says so', async () => {
  const { engine, scratch, jobs, outcomes } = await threeJobs();
  await engine.cancel().whenCleaned();
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  expect(await Promise.all(jobs.map(({ output }) => exists(output.temporary)))).toEqual([
    false,
    false,
    false,
  ]);
  expect(await Promise.all(outcomes)).toEqual(['cancelled', 'cancelled', 'cancelled']);
});

it('starts no tile of a job after its cancel is acknowledged', async () => {
  const { engine, outcomes } = await threeJobs();
  await engine.cancel().acknowledged;
  const { completed, running, queued } = (await engine.request('report', {})).scheduler;
  expect(queued).toBe(0);
  await Promise.all(outcomes);
  expect((await engine.request('report', {})).scheduler.completed).toBeLessThanOrEqual(completed + running);
});

it('gives a job up at its deadline, in words', async () => {
  const { engine, folder, scratch } = await readyEngine();
  const source = await writePicture(join(folder, 'photo.png'), { width: 640, height: 480 });
  const job = jobFor(source, 'png', { plan: planFor({ tile: 16 }), deadline: 30 });
  await expect(engine.enhance(job)).rejects.toMatchObject({
    code: 'deadline-exceeded',
    message: `${source}: not done within 0.03 s.`,
  });
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
});

it('tells a dead engine by the rejected acknowledgement, and is clean all the same', async () => {
  const { engine, outcomes } = await threeJobs();
  engine.kill();
  await engine.exited;
  const cancellation = engine.cancel();
  await expect(cancellation.acknowledged).rejects.toMatchObject({ code: 'stopped' });
  await cancellation.whenCleaned();
  expect(await Promise.all(outcomes)).toEqual(['stopped', 'stopped', 'stopped']);
});
