import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type SharedFrame, TileRunner } from '../../../src/engine/inference/tile-runner.ts';
import { sessionKey } from '../../../src/shared/plan.ts';
import { planTiles } from '../../../src/shared/tiles.ts';
import { anyEntry } from '../../support/models.ts';
import { largestDifference } from '../../support/pixels.ts';
import { enlargeTiled, pixelsOf, runnerOf, sharedFrame, sharedPhoto, tileWork } from './shared-frames.ts';

const WHOLE = { x: 0, y: 0, width: 8, height: 6 };

function frames(deep = false) {
  const { scale } = anyEntry();
  return { source: sharedPhoto(8, 6, deep), result: sharedFrame(8 * scale, 6 * scale, deep) };
}

describe('a session', () => {
  it('is loaded once and is gone when it is unloaded', async () => {
    const entry = anyEntry();
    const { source, result } = frames();
    const runner = new TileRunner();
    const model = await readFile(entry.spec.file);
    const key = sessionKey(entry.spec);
    const work = tileWork(entry, source, result, WHOLE);
    const missing = { code: 'internal', message: `No session ${key} is loaded.` };
    await expect(runner.run(work)).rejects.toMatchObject(missing);
    expect(await runner.load(entry.spec, model)).toBeGreaterThan(0);
    expect(await runner.load(entry.spec, model)).toBe(0);
    expect(await runner.run(work)).toMatchObject({ outcome: 'done' });
    await runner.unload(key);
    await runner.unload(key);
    await expect(runner.run(work)).rejects.toMatchObject(missing);
  });

  it('that several ask for at once is made once, and let go only when its tiles are done', async () => {
    const entry = anyEntry();
    const { source, result } = frames();
    const runner = new TileRunner();
    const model = await readFile(entry.spec.file);
    const [, again] = [runner.load(entry.spec, model), runner.load(entry.spec, model)];
    const running = runner.run(tileWork(entry, source, result, WHOLE));
    await runner.unload(sessionKey(entry.spec));
    expect([await again, (await running).outcome]).toEqual([0, 'done']);
    const late = runner.run(tileWork(entry, source, result, WHOLE));
    await expect(late).rejects.toMatchObject({ message: expect.stringMatching(/^No session .* is loaded/) });
  });

  it('cannot be made of anything but a model', async () => {
    const { spec } = anyEntry();
    const loading = new TileRunner().load(spec, Buffer.from('not a model'));
    await expect(loading).rejects.toMatchObject({ code: 'model-invalid', file: spec.file });
  });

  it('is the same for the same weights, provider and threads', () => {
    const { spec } = anyEntry();
    expect(sessionKey({ ...spec, file: '/elsewhere.onnx' })).toBe(sessionKey(spec));
    expect(sessionKey({ ...spec, threads: 2 })).not.toBe(sessionKey(spec));
  });
});

describe('a tile', () => {
  it('is skipped when the flag of its job is set, and its place left alone', async () => {
    const entry = anyEntry();
    const { source, result } = frames();
    const work = tileWork(entry, source, result, WHOLE);
    const flags = new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT);
    Atomics.store(new Int32Array(flags), 1, 1);
    const runner = await runnerOf(entry);
    expect(await runner.run({ ...work, flags, flag: 1 })).toEqual({
      outcome: 'skipped',
      inference: 0,
      total: 0,
    });
    expect(pixelsOf(result).data.every((sample) => sample === 0)).toBe(true);
    expect(await runner.run({ ...work, flags, flag: 2 })).toMatchObject({ outcome: 'done' });
  });

  it('says how long it took, and how much of that the network', async () => {
    const entry = anyEntry();
    const { source, result } = frames();
    const runner = await runnerOf(entry);
    const { inference, total } = await runner.run(tileWork(entry, source, result, WHOLE));
    expect(inference).toBeGreaterThan(0);
    expect(total).toBeGreaterThanOrEqual(inference);
  });

  it.each([false, true])('lies where the frame begins in its buffer (16 bits: %s)', async (deep) => {
    const entry = anyEntry(deep ? 'float32' : 'uint8');
    const runner = await runnerOf(entry);
    const source = sharedPhoto(8, 6, deep);
    const expected = pixelsOf(await enlargeTiled(runner, entry, source, 8));
    const sourceBytes = source.buffer.byteLength;
    const gap = 24;
    const buffer = new SharedArrayBuffer(gap + sourceBytes * (1 + entry.scale ** 2) + gap);
    const moved: SharedFrame = { ...source, buffer, offset: gap };
    pixelsOf(moved).data.set(pixelsOf(source).data);
    const { width, height } = expected;
    const result: SharedFrame = { buffer, offset: gap + sourceBytes, width, height, deep };
    await runner.run(tileWork(entry, moved, result, WHOLE));
    expect(largestDifference(pixelsOf(result), expected)).toBe(0);
    expect(largestDifference(pixelsOf(moved), pixelsOf(source))).toBe(0);
    const ends = [...new Uint8Array(buffer, 0, gap), ...new Uint8Array(buffer, buffer.byteLength - gap)];
    expect(new Set(ends)).toEqual(new Set([0]));
  });
});

it.each([false, true])('tiles asked for at once do not mix (16 bits: %s)', async (deep) => {
  const entry = anyEntry(deep ? 'float32' : 'uint8');
  const runner = await runnerOf(entry);
  const source = sharedPhoto(40, 20, deep);
  const expected = await enlargeTiled(runner, entry, source, 10);
  const result = sharedFrame(expected.width, expected.height, deep);
  const tiles = planTiles(40, 20, { width: 10, height: 10 });
  await Promise.all(tiles.map((tile) => runner.run(tileWork(entry, source, result, tile))));
  expect(largestDifference(pixelsOf(result), pixelsOf(expected))).toBe(0);
});

it('a tile that fails does not hold up the next', async () => {
  const entry = anyEntry();
  const { source, result } = frames();
  const runner = await runnerOf(entry);
  const work = tileWork(entry, source, result, WHOLE);
  const failing = runner.run({ ...work, scale: entry.scale + 1 });
  const next = runner.run(work);
  await expect(failing).rejects.toMatchObject({ code: 'model-invalid' });
  expect(await next).toMatchObject({ outcome: 'done' });
});

describe('a manifest that does not describe its network', () => {
  it.each([false, true])('states another scale or radius (16 bits: %s)', async (deep) => {
    const entry = anyEntry(deep ? 'float32' : 'uint8');
    const { source, result } = frames(deep);
    const runner = await runnerOf(entry);
    const work = tileWork(entry, source, result, WHOLE);
    for (const wrong of [{ scale: entry.scale + 1 }, { radius: entry.radius + 1 }]) {
      await expect(runner.run({ ...work, ...wrong })).rejects.toMatchObject({
        code: 'model-invalid',
        message: expect.stringMatching(/has \d+ values of \w+, where \d+ .* Its manifest does not/),
      });
    }
  });

  it('states another kind of input', async () => {
    const entry = anyEntry('uint8');
    const { source, result } = frames(true);
    const runner = await runnerOf({ ...entry, spec: { ...entry.spec, dtype: 'float32' } });
    await expect(runner.run(tileWork(entry, source, result, WHOLE))).rejects.toMatchObject({
      code: 'inference-failed',
      message: expect.stringContaining('The network failed on a tile: '),
    });
  });
});
