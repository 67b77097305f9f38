import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AroundStage } from '../../src/engine/engine.ts';
import { exists, jobFor, leftovers, NOTHING_LEFT, outcomeOf, readyEngine } from '../support/engine.ts';
import { writePicture } from '../support/pictures.ts';

/** Holds what the stage of this name returns until the test lets it go on. */
function heldAfter(name: string) {
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const around: AroundStage = (stage) => ({
    ...stage,
    run: async (input, context) => {
      const output = await stage.run(input, context);
      if (stage.name === name) {
        reached.resolve();
        await gate.promise;
      }
      return output;
    },
  });
  return { around, reached: reached.promise, goOn: gate.resolve };
}

it.each(['decode', 'enhance', 'encode', 'verify'])(
  'a job cancelled when it has just been through %s leaves nothing',
  async (name) => {
    const { around, reached, goOn } = heldAfter(name);
    const { engine, folder, scratch } = await readyEngine({}, around);
    const job = jobFor(await writePicture(join(folder, 'photo.png')));
    const enhancing = outcomeOf(engine.request('enhance', job));
    await reached;
    await engine.request('cancel', { jobIds: [job.jobId] });
    goOn();
    expect(await enhancing).toBe('cancelled');
    expect(await exists(job.output.temporary)).toBe(false);
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  },
);

it('jobs that wait to be let in are cancelled with the others', async () => {
  const { around, reached, goOn } = heldAfter('enhance');
  const { engine, folder, scratch } = await readyEngine({ workers: 1, queueDepth: 1 }, around);
  const source = await writePicture(join(folder, 'photo.png'));
  const jobs = Array.from({ length: 12 }, () => jobFor(source));
  const results = jobs.map((job) => outcomeOf(engine.request('enhance', job)));
  await reached;
  await engine.request('cancel', {});
  goOn();
  expect(await Promise.all(results)).toEqual(jobs.map(() => 'cancelled'));
  const files = await Promise.all(jobs.map(({ output }) => exists(output.temporary)));
  expect(files).toEqual(jobs.map(() => false));
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
});

it('a job cancelled before anything happened, or after it is over, is no error; its id is free again', async () => {
  const { engine, folder, scratch } = await readyEngine();
  const job = jobFor(await writePicture(join(folder, 'photo.jpg')));
  const enhancing = outcomeOf(engine.request('enhance', job));
  await engine.request('cancel', { jobIds: [job.jobId, 999_999] });
  expect(await enhancing).toBe('cancelled');
  expect(await engine.request('cancel', { jobIds: [job.jobId] })).toEqual({});
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  expect(await outcomeOf(engine.request('enhance', job))).toBe('done');
});
