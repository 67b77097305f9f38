import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/shared/formats.ts';
import { jobFor, leftovers, NOTHING_LEFT, outcomeOf, readyEngine } from '../support/engine.ts';
import { planFor } from '../support/models.ts';
import { type PictureOptions, writePicture } from '../support/pictures.ts';

/** Bytes: room for two bands of these pictures, and not for any of them whole. */
const SMALL = 400_000;
const LARGE = 1e8;
const SIZE = { width: 60, height: 400 };

const FILES: [name: string, options: PictureOptions, format: OutputFormat][] = [
  ['photo.jpg', SIZE, 'jpeg'],
  ['turned.jpg', { width: SIZE.height, height: SIZE.width, orientation: 6 }, 'jpeg'],
  ['rgba.png', { ...SIZE, bands: 4 }, 'png'],
  ['gray.png', { ...SIZE, bands: 1 }, 'tiff'],
  ['gray-alpha.png', { ...SIZE, bands: 2 }, 'png'],
  ['deep.tif', { ...SIZE, deep: true, height: 200 }, 'tiff'],
  ['deep-alpha.png', { ...SIZE, deep: true, bands: 4, height: 200 }, 'png'],
  ['photo.webp', SIZE, 'webp'],
];

async function hashUnder(memoryBudget: number, [name, options, format]: (typeof FILES)[number]) {
  const { engine, folder, scratch } = await readyEngine({ memoryBudget });
  const source = await writePicture(join(folder, name), options);
  const job = jobFor(source, format, { plan: planFor({ tile: 32 }) });
  const states = new Set<string>();
  let tiles = 0;
  engine.onProgress((jobs) => {
    for (const { state, tilesDone } of jobs) {
      states.add(state);
      expect(tilesDone).toBeGreaterThanOrEqual(state === 'decoding' ? 0 : tiles);
      tiles = tilesDone;
    }
  });
  const { sha256, fidelity } = await engine.request('enhance', job);
  const { pool } = await engine.request('report', {});
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  return { sha256, fidelity, highWater: pool.highWaterBytes as number };
}

describe('a picture that memory cannot hold whole', () => {
  it.each(FILES)('%s has the same result, in bands', async (...file) => {
    const whole = await hashUnder(LARGE, file);
    const banded = await hashUnder(SMALL, file);
    expect(banded.sha256).toBe(whole.sha256);
    expect(banded.highWater).toBeLessThan(whole.highWater);
    expect(banded.fidelity).toEqual(whole.fidelity);
  });

  it('is refused where not even one row of tiles fits, with advice', async () => {
    const { engine, folder, scratch } = await readyEngine({ memoryBudget: 50_000 });
    const source = await writePicture(join(folder, 'photo.jpg'), { width: 400, height: 60 });
    await expect(engine.request('enhance', jobFor(source, 'jpeg'))).rejects.toMatchObject({
      code: 'too-large',
      file: source,
      message: expect.stringMatching(/--memory-budget/),
    });
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  });

  it('leaves nothing behind when it is cancelled between two bands', async () => {
    const { engine, folder, scratch } = await readyEngine({ memoryBudget: SMALL });
    const source = await writePicture(join(folder, 'photo.jpg'), { width: 60, height: 2000 });
    const job = jobFor(source, 'png', { plan: planFor({ tile: 32 }) });
    const begun = Promise.withResolvers<void>();
    engine.onProgress((jobs) => {
      if (jobs.some(({ tilesDone }) => tilesDone > 2)) begun.resolve();
    });
    const outcome = outcomeOf(engine.enhance(job));
    await begun.promise;
    await engine.cancel([job.jobId]).whenCleaned();
    expect(await outcome).toBe('cancelled');
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  });
});
