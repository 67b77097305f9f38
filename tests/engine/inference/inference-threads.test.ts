import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InferenceThreads } from '../../../src/engine/inference/inference-threads.ts';
import { sessionKey } from '../../../src/shared/plan.ts';
import { anyEntry, shippedEntries } from '../../support/models.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { enlargeTiled, pixelsOf, runnerOf, sharedFrame, sharedPhoto, tileWork } from './shared-frames.ts';

const { spec, scale, radius } = anyEntry();
const network = { tile: { width: 16, height: 16 }, scale, radius };

function startThreads(count: number): InferenceThreads {
  const threads = new InferenceThreads(count);
  onTestFinished(() => threads.close());
  return threads;
}

describe('sessions', () => {
  it('are loaded once however many ask, in every worker', async () => {
    const threads = startThreads(2);
    const [first, second] = [threads.load(spec, network), threads.load(spec, network)];
    expect(second).toBe(first);
    expect(threads.resident).toEqual([]);
    const resident = await first;
    expect(resident).toEqual({
      key: sessionKey(spec),
      milliseconds: expect.any(Number),
      bytes: expect.any(Number),
    });
    expect(threads.resident).toEqual([resident]);
    expect(threads.isResident(sessionKey(spec))).toBe(true);
    const source = sharedPhoto(20, 12, false);
    const expected = pixelsOf(await enlargeTiled(await runnerOf(anyEntry()), anyEntry(), source, 20)).data;
    for (const worker of [0, 1]) {
      const result = sharedFrame(20 * scale, 12 * scale, false);
      const work = tileWork(anyEntry(), source, result, { x: 0, y: 0, width: 20, height: 12 });
      expect(await threads.run(worker, work)).toMatchObject({ outcome: 'done' });
      expect(pixelsOf(result).data).toEqual(expected);
    }
  });

  it('are gone from every worker when they are let go, and can be loaded again', async () => {
    const threads = startThreads(2);
    const key = sessionKey(spec);
    await threads.load(spec, network);
    await threads.unload(key);
    expect([threads.isResident(key), threads.resident]).toEqual([false, []]);
    const frames = [sharedPhoto(4, 4, false), sharedFrame(4 * scale, 4 * scale, false)] as const;
    const work = tileWork(anyEntry(), ...frames, { x: 0, y: 0, width: 4, height: 4 });
    for (const worker of [0, 1]) {
      await expect(threads.run(worker, work)).rejects.toMatchObject({ code: 'internal' });
    }
    await threads.load(spec, network);
    expect(await threads.run(1, work)).toMatchObject({ outcome: 'done' });
  });

  it('whose first tile fails are gone from every worker', async () => {
    const threads = startThreads(2);
    await expect(threads.load(spec, { ...network, scale: scale + 1 })).rejects.toMatchObject({
      file: spec.file,
    });
    const frames = [sharedPhoto(4, 4, false), sharedFrame(4 * scale, 4 * scale, false)] as const;
    const work = tileWork(anyEntry(), ...frames, { x: 0, y: 0, width: 4, height: 4 });
    for (const worker of [0, 1]) {
      await expect(threads.run(worker, work)).rejects.toMatchObject({ code: 'internal' });
    }
    await threads.load(spec, network);
    expect(await threads.run(1, work)).toMatchObject({ outcome: 'done' });
  });

  it('let go while they are loaded are gone', async () => {
    const threads = startThreads(2);
    const loading = threads.load(spec, network);
    await threads.unload(sessionKey(spec));
    await loading;
    expect(threads.resident).toEqual([]);
  });

  it('of several cards are one: each worker has tiles computed by its own, or by another one’s', async () => {
    const threads = startThreads(3);
    const single = await threads.load(spec, network);
    // Processors know no numbers: two sessions stand for those of two cards.
    const cards = { ...spec, devices: [0, 1] };
    const key = sessionKey(cards);
    const resident = await threads.load(cards, network);
    expect(resident).toMatchObject({ key });
    expect(key).not.toBe(single.key);
    const source = sharedPhoto(20, 12, false);
    const expected = pixelsOf(await enlargeTiled(await runnerOf(anyEntry()), anyEntry(), source, 20)).data;
    const tile = { x: 0, y: 0, width: 20, height: 12 };
    for (const worker of [0, 1, 2]) {
      const result = sharedFrame(20 * scale, 12 * scale, false);
      const work = { ...tileWork(anyEntry(), source, result, tile), session: key };
      expect(await threads.run(worker, work)).toMatchObject({ outcome: 'done' });
      expect(pixelsOf(result).data).toEqual(expected);
    }
    await threads.unload(key);
    expect(threads.resident.map((each) => each.key)).toEqual([sessionKey(spec)]);
  });

  it('one thread more is another session', async () => {
    const threads = startThreads(1);
    await threads.load(spec, network);
    await threads.load({ ...spec, threads: 2 }, network);
    expect(threads.resident.map(({ key }) => key)).toEqual([
      sessionKey(spec),
      sessionKey({ ...spec, threads: 2 }),
    ]);
  });
});

describe('models that cannot be loaded', () => {
  it('changed ones are refused, naming file and hashes', async () => {
    const threads = startThreads(1);
    const sha256 = '0123456789ab'.padEnd(64, '0');
    const wrong = { ...spec, sha256 };
    const refusal = {
      code: 'model-invalid',
      file: spec.file,
      message: expect.stringMatching(
        /\.onnx: does not have the hash .*0123456789ab….*install the model again/,
      ),
    };
    await expect(threads.load(wrong, network)).rejects.toMatchObject(refusal);
    await expect(threads.compare(spec, wrong, { scale, radius })).rejects.toMatchObject(refusal);
    await expect(threads.tryDevice(spec, wrong, { scale, radius })).rejects.toMatchObject(refusal);
  });

  it('missing ones are refused, naming the file, and can be mended', async () => {
    const threads = startThreads(1);
    const file = join(await temporaryFolder(), 'model.onnx');
    const bytes = Buffer.from('These bytes are no network.');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const broken = { ...spec, file, sha256 };
    await expect(threads.load(broken, network)).rejects.toMatchObject({
      code: 'model-invalid',
      file,
      message: `${file}: the model cannot be read. Install the model again.`,
    });
    await writeFile(file, bytes);
    // The hash is right now, what it hashes is not.
    await expect(threads.load(broken, network)).rejects.toMatchObject({ code: 'model-invalid', file });
    expect(threads.resident).toEqual([]);
  });
});

describe('this machine', () => {
  it('has a runtime, which knows the CPU', async () => {
    const { version, providers } = await startThreads(1).examineRuntime();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(providers).toContain('cpu');
  });

  const pairs = shippedEntries.filter(({ spec: { dtype } }) => dtype === 'uint8');
  it.each(pairs)('compares $name with itself, and leaves nothing resident', async (entry) => {
    const threads = startThreads(1);
    const measured = await threads.compare(entry.spec, entry.spec, entry);
    expect(measured.psnr).toBe(99);
    expect(Math.min(measured.reference, measured.candidate)).toBeGreaterThan(0);
    expect(threads.resident).toEqual([]);
  });
});

it('there is no worker beyond the last', () => {
  const threads = startThreads(1);
  const frame = sharedPhoto(1, 1, false);
  const work = tileWork(anyEntry(), frame, frame, { x: 0, y: 0, width: 1, height: 1 });
  expect(() => threads.run(1, work)).toThrow('There is no inference worker 1.');
});
