import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ImageBufferPool } from '../../../src/engine/buffers/image-buffer-pool.ts';
import { codecService } from '../../../src/engine/codec/codec-service.ts';
import { decode } from '../../../src/engine/codec/decode.ts';
import { CancelFlags } from '../../../src/engine/inference/cancel-flags.ts';
import { InferenceThreads } from '../../../src/engine/inference/inference-threads.ts';
import type { TileWork } from '../../../src/engine/inference/tile-runner.ts';
import { TileScheduler } from '../../../src/engine/scheduling/tile-scheduler.ts';
import { type Codec, decodeStage } from '../../../src/engine/stages/decode-stage.ts';
import { encodeStage } from '../../../src/engine/stages/encode-stage.ts';
import { enhanceStage } from '../../../src/engine/stages/enhance-stage.ts';
import type { JobContext } from '../../../src/engine/stages/frames.ts';
import { verifyStage } from '../../../src/engine/stages/verify-stage.ts';
import { Focus } from '../../../src/engine/viewing/focus.ts';
import { ResultInWork } from '../../../src/engine/viewing/result-in-work.ts';
import type { EnhanceJob } from '../../../src/shared/engine-protocol.ts';
import { exists, jobFor } from '../../support/engine.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';

/** The codec in this thread. `onAsk` hears of every question before it is answered. */
function codecHere(onAsk: (name: string) => void = () => {}): Codec {
  const service = codecService() as unknown as Record<string, (input: unknown) => Promise<never>>;
  return {
    ask: async (name, input) => {
      onAsk(name);
      const answer = service[name];
      if (!answer) throw new Error(`The codec cannot ${name}.`);
      return answer(input);
    },
  };
}

/** The four stages over real parts, in a folder of the test. */
async function workshop(onAsk?: (name: string) => void) {
  const folder = await temporaryFolder();
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  const codec = codecHere(onAsk);
  const pool = new ImageBufferPool({ classes: [], budgetBytes: 1e6 });
  const threads = new InferenceThreads(1);
  onTestFinished(() => threads.close());
  const run = async ({ payload }: { payload: TileWork }) => {
    await threads.run(0, payload);
  };
  const scheduler = new TileScheduler<TileWork>({
    workers: [{ id: 0, run }],
    minConcurrency: 1,
    maxConcurrency: 1,
  });
  const stages = {
    decode: decodeStage(codec, { pool, scratch }),
    enhance: enhanceStage(codec, threads, scheduler),
    encode: encodeStage(codec),
    verify: verifyStage(codec),
  };
  const left = async () => ({ leases: pool.stats().inUse, scratch: await readdir(scratch) });
  return { folder, threads, stages, left };
}

const NOTHING = { leases: 0, scratch: [] };

function contextOf(job: EnhanceJob) {
  const abort = new AbortController();
  const states: string[] = [];
  const context: JobContext = {
    job,
    flag: new CancelFlags().take(),
    signal: abort.signal,
    report: (state) => states.push(state),
    shown: new ResultInWork(),
    focus: new Focus(),
    milliseconds: { decode: 0, enhance: 0, encode: 0, verify: 0 },
    copied: {},
  };
  return { context, abort, states, stageContext: { frameId: 7, signal: abort.signal } };
}

it('one after the other they make a result, and hold nothing afterwards', async () => {
  const { folder, threads, stages, left } = await workshop();
  const job = jobFor(await writePicture(join(folder, 'photo.png'), { bands: 4 }));
  const { plan } = job;
  await threads.load(plan.shallow, { tile: plan.tile, scale: plan.scale, radius: plan.receptiveRadius });
  const { context, states, stageContext } = contextOf(job);
  const decoded = await stages.decode.run(context, stageContext);
  expect(await left()).toEqual({ leases: 1, scratch: ['frame-7.alpha.v', 'frame-7.carrier.v'] });
  const enhanced = await stages.enhance.run(decoded, stageContext);
  expect(await left()).toEqual({ leases: 1, scratch: ['frame-7.alpha.v', 'frame-7.carrier.v'] });
  const written = await stages.encode.run(enhanced, stageContext);
  expect(await left()).toEqual(NOTHING);
  const { result } = await stages.verify.run(written, stageContext);
  expect(result).toMatchObject({ width: 37 * plan.scale, height: 29 * plan.scale, tiles: 2, notes: [] });
  expect([...new Set(states)]).toEqual(['decoding', 'enhancing', 'encoding', 'verifying']);
  expect(Math.min(...Object.values(context.milliseconds))).toBeGreaterThan(0);
});

describe('what a stage returned and nobody receives', () => {
  it('is released: memory, scratch and temporary file', async () => {
    const { folder, threads, stages, left } = await workshop();
    const job = jobFor(await writePicture(join(folder, 'photo.png')));
    const { plan } = job;
    await threads.load(plan.shallow, { tile: plan.tile, scale: plan.scale, radius: plan.receptiveRadius });
    const { context, stageContext } = contextOf(job);
    const decode = () => stages.decode.run(context, stageContext);
    const enhance = async () => stages.enhance.run(await decode(), stageContext);
    const encode = async () => stages.encode.run(await enhance(), stageContext);
    const verify = async () => stages.verify.run(await encode(), stageContext);
    await stages.decode.discard?.(await decode());
    expect(await left()).toEqual(NOTHING);
    await stages.enhance.discard?.(await enhance());
    expect(await left()).toEqual(NOTHING);
    await stages.encode.discard?.(await encode());
    expect([await left(), await exists(job.output.temporary)]).toEqual([NOTHING, false]);
    await stages.verify.discard?.(await verify());
    expect([await left(), await exists(job.output.temporary)]).toEqual([NOTHING, false]);
  });
});

describe('decode', () => {
  it.each(['decode', 'load'])('cancelled during its %s leaves nothing', async (moment) => {
    let cancel = () => {};
    const { folder, stages, left } = await workshop((name) => {
      if (name === moment) cancel();
    });
    const { context, abort, stageContext } = contextOf(jobFor(await writePicture(join(folder, 'photo.png'))));
    cancel = () => abort.abort();
    await expect(stages.decode.run(context, stageContext)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await left()).toEqual(NOTHING);
  });

  it('that gets no memory leaves nothing', async () => {
    const { folder, stages, left } = await workshop();
    const source = await writePicture(join(folder, 'photo.png'), { width: 4000, height: 60 });
    const { context, stageContext } = contextOf(jobFor(source));
    await expect(stages.decode.run(context, stageContext)).rejects.toMatchObject({ code: 'too-large' });
    expect(await left()).toEqual(NOTHING);
  });
});

describe('enhance', () => {
  it('without its session fails and releases the frame', async () => {
    const { folder, stages, left } = await workshop();
    const { context, stageContext } = contextOf(jobFor(await writePicture(join(folder, 'photo.png'))));
    const frame = await stages.decode.run(context, stageContext);
    await expect(stages.enhance.run(frame, stageContext)).rejects.toMatchObject({ code: 'internal' });
    expect(await left()).toEqual(NOTHING);
  });
});

describe('verify', () => {
  it('notes that a 16-bit picture was not enlarged with the variant that was asked for', async () => {
    const { folder, threads, stages } = await workshop();
    const job = jobFor(await writePicture(join(folder, 'deep.png'), { deep: true }));
    const { plan } = job;
    const asked = { ...plan, shallow: { ...plan.shallow, variant: 'int8' as const } };
    await threads.load(plan.deep, { tile: plan.tile, scale: plan.scale, radius: plan.receptiveRadius });
    const { context, stageContext } = contextOf({ ...job, plan: asked });
    const frame = await stages.enhance.run(await stages.decode.run(context, stageContext), stageContext);
    const written = await stages.encode.run(frame, stageContext);
    const { result } = await stages.verify.run(written, stageContext);
    expect(result).toMatchObject({
      variant: 'fp32',
      notes: ['Enlarged with fp32: int8 has too few levels for 16-bit pictures.'],
    });
  });

  it('fails, and leaves no file, when the result is damaged', async () => {
    const { folder, stages } = await workshop();
    const job = jobFor(join(folder, 'photo.png'));
    const source = await writePicture(job.source);
    const decoded = await decode({ source, scratch: join(folder, 'frame') });
    await writeFile(job.output.temporary, 'no picture');
    const { context, stageContext } = contextOf(job);
    const written = { context, decoded, width: 2, height: 2, tiles: 1, pixelBytes: 1 };
    await expect(stages.verify.run(written, stageContext)).rejects.toMatchObject({
      code: 'verify-failed',
      file: job.output.temporary,
    });
    expect(await exists(job.output.temporary)).toBe(false);
  });
});
