import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exists, jobFor, outcomeOf, readyEngine } from '../support/engine.ts';
import { planFor } from '../support/models.ts';
import { writePicture } from '../support/pictures.ts';

it('stopping fails what is in work, and removes the scratch folder and nothing else', async () => {
  const { engine, folder, scratch } = await readyEngine();
  await writeFile(join(folder, 'scratch', 'keep.txt'), 'not ours');
  const source = await writePicture(join(folder, 'large.jpg'), { width: 400, height: 300 });
  const jobs = [1, 2].map(() => jobFor(source, 'png', { plan: planFor({ tile: 8 }) }));
  const { promise: working, resolve } = Promise.withResolvers<void>();
  engine.onProgress((states) => {
    if (states.some(({ tilesDone }) => tilesDone > 0)) resolve();
  });
  const results = jobs.map((job) => outcomeOf(engine.request('enhance', job)));
  await working;
  await engine.stop();
  expect(await Promise.all(results)).toEqual(['cancelled', 'cancelled']);
  expect(await exists(scratch)).toBe(false);
  expect(await readdir(join(folder, 'scratch'))).toEqual(['keep.txt']);
  expect(await Promise.all(jobs.map(({ output }) => exists(output.temporary)))).toEqual([false, false]);
  await expect(engine.request('report', {})).rejects.toMatchObject({ code: 'stopped' });
});
