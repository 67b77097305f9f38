import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../../src/shared/engine-protocol.ts';
import {
  exists,
  jobFor,
  leftovers,
  NOTHING_LEFT,
  outcomeOf,
  readyEngine,
  startEngine,
} from '../support/engine.ts';
import { planFor } from '../support/models.ts';
import { cutShort, temporaryFolder, writePicture } from '../support/pictures.ts';

describe('files that fail', () => {
  it('leave the others alone, whatever is wrong with them', async () => {
    const { engine, folder, scratch } = await readyEngine({ queueDepth: 1 });
    const good = await writePicture(join(folder, 'good.jpg'));
    const damaged = await cutShort(await writePicture(join(folder, 'damaged.jpg')));
    const text = join(folder, 'text.png');
    await writeFile(text, 'not a picture');
    const gone = await writePicture(join(folder, 'gone.jpg'));
    await rm(gone);
    const elsewhere = jobFor(good);
    elsewhere.output.temporary = join(folder, 'no', 'such', 'result.png');
    const jobs = [jobFor(good), jobFor(damaged), jobFor(text), jobFor(gone), elsewhere, jobFor(good)];
    const results = await Promise.all(jobs.map((job) => outcomeOf(engine.request('enhance', job))));
    expect(results).toEqual([
      'done',
      'decode-failed',
      'unsupported-format',
      'not-found',
      'encode-failed',
      'done',
    ]);
    const written = await Promise.all(jobs.map(({ output }) => exists(output.temporary)));
    expect(written).toEqual([true, false, false, false, false, true]);
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  });

  it('name themselves', async () => {
    const { engine, folder } = await readyEngine();
    const source = await cutShort(await writePicture(join(folder, 'damaged.png')));
    await expect(engine.request('enhance', jobFor(source))).rejects.toMatchObject({
      name: 'EnlargerError',
      code: 'decode-failed',
      file: source,
      message: expect.stringContaining(source),
    });
  });

  it('may be gone when they are asked about', async () => {
    const { engine, folder } = await readyEngine();
    const source = await writePicture(join(folder, 'photo.jpg'), { orientation: 6 });
    expect(await engine.request('probe', { source })).toMatchObject({ width: 29, height: 37 });
    await rm(source);
    await expect(engine.request('probe', { source })).rejects.toMatchObject({
      code: 'not-found',
      file: source,
    });
  });
});

describe('memory', () => {
  it('that could never hold the picture is a typed refusal, and small pictures still pass', async () => {
    const { engine, folder, scratch } = await readyEngine({ memoryBudget: 100_000 });
    const large = jobFor(await writePicture(join(folder, 'large.png'), { width: 200, height: 200 }));
    const small = jobFor(await writePicture(join(folder, 'small.png')));
    const results = [large, small].map((job) => outcomeOf(engine.request('enhance', job)));
    expect(await Promise.all(results)).toEqual(['too-large', 'done']);
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  });

  it('for one picture at a time is enough for many', async () => {
    const { engine, folder, scratch } = await readyEngine({ memoryBudget: 20_000 });
    const source = await writePicture(join(folder, 'photo.png'));
    const jobs = Array.from({ length: 6 }, () => jobFor(source));
    const results = jobs.map((job) => outcomeOf(engine.request('enhance', job)));
    expect(await Promise.all(results)).toEqual(jobs.map(() => 'done'));
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  });
});

describe('sessions', () => {
  it('that main has not loaded are not loaded behind its back', async () => {
    const folder = await temporaryFolder();
    const { engine, scratch } = await startEngine(folder);
    const job = jobFor(await writePicture(join(folder, 'photo.png')));
    const { modelId } = job.plan;
    await expect(engine.request('enhance', job)).rejects.toMatchObject({
      code: 'internal',
      message: `The session of ${modelId} (fp32) is not resident.`,
    });
    expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  });

  it('are reported while they are resident', async () => {
    const folder = await temporaryFolder();
    const { engine } = await startEngine(folder);
    const { shallow: session, tile, scale, receptiveRadius } = planFor();
    const sessions = async () => (await engine.request('report', {})).sessions.map(({ key }) => key);
    expect(await sessions()).toEqual([]);
    await engine.request('loadSession', { session, tile, scale, receptiveRadius });
    const [key] = await sessions();
    expect(key).toContain(session.sha256);
    await engine.request('unloadSession', { key: String(key) });
    expect(await sessions()).toEqual([]);
  });
});

it('a job whose id is in work is refused, and the one in work goes on', async () => {
  const { engine, folder } = await readyEngine();
  const job = jobFor(await writePicture(join(folder, 'photo.png')));
  const first = engine.request('enhance', job);
  await expect(engine.request('enhance', job)).rejects.toMatchObject({
    code: 'bad-argument',
    message: `Job ${job.jobId} is in work already.`,
  });
  expect(await outcomeOf(first)).toBe('done');
});

it('a result that is in the way of a folder is refused', async () => {
  const { engine, folder, scratch } = await readyEngine();
  const job = jobFor(await writePicture(join(folder, 'photo.png')));
  await mkdir(job.output.temporary);
  await expect(engine.request('enhance', job)).rejects.toMatchObject({
    code: 'encode-failed',
    file: job.output.temporary,
  });
  expect(await exists(job.output.temporary)).toBe(true);
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
});

it('progress tells every state once in order, and ends with all tiles before the answer', async () => {
  const { engine, folder } = await readyEngine();
  const seen: JobProgress[] = [];
  engine.onProgress((jobs) => seen.push(...jobs));
  const source = await writePicture(join(folder, 'photo.png'), { width: 200, height: 150 });
  const job = jobFor(source);
  const { scale } = job.plan;
  const { tiles } = await engine.request('enhance', job);
  const ORDER = ['decoding', 'enhancing', 'encoding', 'verifying'];
  const states = seen.map(({ state }) => ORDER.indexOf(state));
  expect(states).toEqual(states.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toMatchObject({
    jobId: job.jobId,
    state: 'verifying',
    tilesDone: tiles,
    tilesTotal: tiles,
    pixelsDone: 200 * 150,
  });
  const dirty = seen.flatMap((progress) => progress.dirty ?? []);
  expect(Math.max(...dirty.map(({ x, width }) => x + width))).toBe(200 * scale);
  expect(Math.max(...dirty.map(({ y, height }) => y + height))).toBe(150 * scale);
});
