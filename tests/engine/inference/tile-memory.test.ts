import { describe, expect, it } from 'vitest';
import { TileMemory } from '../../../src/engine/inference/tile-memory.ts';
import { type SharedFrame, TileRunner, type TileWork } from '../../../src/engine/inference/tile-runner.ts';
import { type SessionSpec, sessionKey } from '../../../src/shared/plan.ts';
import { greedyNetwork } from './greedy-network.ts';
import { pixelsOf, sharedFrame, sharedPhoto } from './shared-frames.ts';

const spec: SessionSpec = {
  modelId: 'greedy',
  variant: 'fp32',
  dtype: 'float32',
  file: '/greedy.onnx',
  sha256: 'greedy',
  provider: 'cpu',
  threads: 1,
};

async function greedyRunner(): Promise<TileRunner> {
  const runner = new TileRunner();
  await runner.load(spec, greedyNetwork());
  return runner;
}

function workOf(source: SharedFrame, result: SharedFrame): TileWork {
  return {
    session: sessionKey(spec),
    source,
    result,
    tile: { x: 0, y: 0, width: source.width, height: source.height },
    scale: 1,
    radius: 0,
    flags: new SharedArrayBuffer(4),
    flag: 0,
  };
}

describe('a tile that memory is too short for', () => {
  it('is computed in parts, which give the same picture', async () => {
    const runner = await greedyRunner();
    const [source, result] = [sharedPhoto(96, 64, false), sharedFrame(96, 64, false)];
    const memory = new TileMemory();
    const tried: number[] = [];
    const compute = (work: TileWork) => {
      tried.push(work.tile.width * work.tile.height);
      return runner.run(work);
    };
    expect(await memory.run(workOf(source, result), compute)).toMatchObject({ outcome: 'done' });
    expect(pixelsOf(result).data).toEqual(pixelsOf(source).data);
    expect(memory.limit(sessionKey(spec))).toBe(1536);
    // Whole, its half and a quarter, which goes well; what is left is not tried again in sizes that failed.
    expect(tried).toEqual([6144, 3072, 1536, 1536, 1536, 1536]);

    tried.length = 0;
    await memory.run(workOf(source, result), compute);
    expect(tried).toEqual([1536, 1536, 1536, 1536]);

    memory.forget(sessionKey(spec));
    expect(memory.limit(sessionKey(spec))).toBeUndefined();
  });

  it('is given inputs of a smaller shape, all of the same, where they are of one shape', async () => {
    const runner = await greedyRunner();
    const [source, result] = [sharedPhoto(50, 70, false), sharedFrame(50, 70, false)];
    const memory = new TileMemory();
    const tried: (number | undefined)[][] = [];
    const compute = (work: TileWork) => {
      tried.push([work.input?.width, work.input?.height, work.tile.height]);
      return runner.run(work);
    };
    const work = { ...workOf(source, result), input: { width: 64, height: 80 } };
    expect(await memory.run(work, compute)).toMatchObject({ outcome: 'done' });
    expect(pixelsOf(result).data).toEqual(pixelsOf(source).data);
    // The tile is lower than its input, and so are its parts.
    const parts = [1, 2, 3, 4].map(() => [32, 40, 35]);
    expect(tried).toEqual([[64, 80, 70], [64, 40, 35], ...parts]);
    expect(memory.limit(sessionKey(spec))).toBe(1280);
  });

  it('need not be tried where that is known', async () => {
    const memory = new TileMemory();
    memory.keep('a', 200);
    memory.keep('a', 300);
    expect([memory.limit('a'), memory.limit('b')]).toEqual([200, undefined]);
  });

  it('is what the error is about, once it is as small as can be', async () => {
    const runner = await greedyRunner();
    // As long as no tile may be, and too thin to be halved often enough.
    const [source, result] = [sharedPhoto(4, 4, false), sharedFrame(4, 4, false)];
    const memory = new TileMemory();
    const error = await runner
      .run(workOf(sharedPhoto(64, 64, false), sharedFrame(64, 64, false)))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'out-of-memory' });
    const failing = memory.run(workOf(source, result), () => Promise.reject(error));
    await expect(failing).rejects.toBe(error);
    expect(memory.limit(sessionKey(spec))).toBeUndefined();
  });

  it('is not halved over anything else', async () => {
    const work = workOf(sharedPhoto(64, 64, false), sharedFrame(64, 64, false));
    const failing = new TileMemory().run({ ...work, session: 'none' }, (part) => new TileRunner().run(part));
    await expect(failing).rejects.toMatchObject({ code: 'internal' });
  });
});
