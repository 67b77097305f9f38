import { describe, expect, it } from 'vitest';
import { DeterministicPipeline } from '../../../src/engine/pipeline/deterministic-pipeline.ts';
import { type Stage, stages } from '../../../src/engine/pipeline/stage.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { ControlledStage, settled, stateOf } from './controlled-stage.ts';

function twoStages(options: { queueDepth?: number; concurrency?: number } = {}) {
  const a = new ControlledStage<string>('a', options.concurrency);
  const b = new ControlledStage<string>('b', options.concurrency);
  const inputs: string[] = [];
  const pipeline = new DeterministicPipeline({
    stages: stages(a).stage(b),
    queueDepth: options.queueDepth ?? 1,
    discardInput: (input) => inputs.push(input),
  });
  return { a, b, inputs, pipeline };
}

function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('failure', () => {
  it('fails one frame and no other', async () => {
    const { a, b, inputs, pipeline } = twoStages();
    const [first, second] = [await pipeline.submit('x'), await pipeline.submit('y')];
    const error = new EnlargerError('decode-failed', 'x.jpg is not a picture.', { file: 'x.jpg' });
    a.call(0).fail(error);
    await expect(first.result).rejects.toBe(error);
    a.call(1).finish('y1');
    await settled();
    b.call(1).finish('y2');
    expect(await second.result).toBe('y2');
    expect([a.discarded, b.discarded, inputs]).toEqual([[], [], []]);
  });

  it('types what a stage threw, also before it returned a promise', async () => {
    const pipeline = new DeterministicPipeline({
      stages: stages({
        name: 'a',
        run: (): Promise<number> => {
          throw new TypeError('no such pixel');
        },
      }),
      queueDepth: 1,
    });
    const { result } = await pipeline.submit(0);
    await expect(result).rejects.toMatchObject({ code: 'internal', message: 'no such pixel' });
  });

  it('needs nobody who looks at the result', async () => {
    const { a, pipeline } = twoStages();
    await pipeline.submit('x');
    a.call(0).fail(new Error('unseen'));
    await pipeline.drain();
    expect(pipeline.stats().settled).toBe(1);
  });
});

describe('cancellation', () => {
  it('refuses a cancelled submission', async () => {
    const { a, inputs, pipeline } = twoStages();
    await expect(pipeline.submit('x', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect([a.started, inputs, pipeline.stats().accepted]).toEqual([[], [], 0]);
  });

  it('refuses one at once also while there is no room', async () => {
    const { pipeline } = twoStages();
    for (const input of ['inside', 'queued', 'waiting']) void pipeline.submit(input);
    await expect(pipeline.submit('x', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('of a submission that waits for room leaves the input to its owner', async () => {
    const { a, inputs, pipeline } = twoStages();
    const abort = new AbortController();
    await pipeline.submit('inside');
    await pipeline.submit('queued');
    const waiting = pipeline.submit('waiting', { signal: abort.signal });
    const behind = pipeline.submit('behind');
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    a.call(0).finish('');
    expect((await behind).frameId).toBe(2);
    expect(inputs).toEqual([]);
  });

  it('in the first queue removes the frame at once and discards its input', async () => {
    const { a, inputs, pipeline } = twoStages();
    const abort = new AbortController();
    await pipeline.submit('inside');
    const { result, cleaned } = await pipeline.submit('queued', { signal: abort.signal });
    abort.abort(new EnlargerError('cancelled', 'The batch was cancelled.'));
    expect(pipeline.stats().stages[0]).toMatchObject({ queued: 0, running: 1 });
    await cleaned;
    expect(inputs).toEqual(['queued']);
    a.call(0).fail(new Error());
    await expect(result).rejects.toThrow('The batch was cancelled.');
  });

  it('in a later queue has the stage before discard its output', async () => {
    const { a, b, inputs, pipeline } = twoStages();
    const abort = new AbortController();
    await pipeline.submit('x');
    const { cleaned } = await pipeline.submit('y', { signal: abort.signal });
    a.call(0).finish('x1');
    await settled();
    a.call(1).finish('y1');
    await settled();
    expect(pipeline.stats().stages[1]).toMatchObject({ queued: 1, running: 1 });
    abort.abort();
    await cleaned;
    expect(pipeline.stats().stages[1]).toMatchObject({ queued: 0, running: 1 });
    expect([a.discarded, b.discarded, inputs]).toEqual([['y1'], [], []]);
  });

  it('inside a stage signals it and discards what it returns nevertheless', async () => {
    const { a, b, pipeline } = twoStages();
    const abort = new AbortController();
    const { result, cleaned } = await pipeline.submit('x', { signal: abort.signal });
    expect(a.call(0).signal.aborted).toBe(false);
    abort.abort();
    expect(a.call(0).signal.reason).toMatchObject({ code: 'cancelled' });
    expect(await stateOf(cleaned)).toBe('pending');
    a.call(0).finish('x1');
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect([a.discarded, b.started]).toEqual([['x1'], []]);
  });

  it('inside a stage stays a cancellation when the stage throws', async () => {
    const { a, pipeline } = twoStages();
    const abort = new AbortController();
    const { result } = await pipeline.submit('x', { signal: abort.signal });
    abort.abort();
    a.call(0).fail(new Error('torn down'));
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(a.discarded).toEqual([]);
  });

  it('between stages, while there is no room ahead, frees the place', async () => {
    const { a, pipeline } = twoStages();
    const abort = new AbortController();
    await pipeline.submit('x');
    await pipeline.submit('y');
    a.call(0).finish('x1');
    await settled();
    await pipeline.submit('z', { signal: abort.signal });
    a.call(1).finish('y1');
    await settled();
    a.call(2).finish('z1');
    await settled();
    expect(pipeline.stats().stages[0]).toMatchObject({ running: 0, ready: 1 });
    abort.abort();
    await settled();
    expect(a.discarded).toEqual(['z1']);
    expect(pipeline.stats().stages[0]).toMatchObject({ running: 0, ready: 0 });
  });

  it('of a frame that is through but has to wait for its turn discards its result', async () => {
    const { a, b, pipeline } = twoStages({ concurrency: 2 });
    const abort = new AbortController();
    const first = await pipeline.submit('x');
    const second = await pipeline.submit('y', { signal: abort.signal });
    a.call(0).finish('x1');
    a.call(1).finish('y1');
    await settled();
    b.call(1).finish('y2');
    await settled();
    abort.abort();
    await second.cleaned;
    expect(b.discarded).toEqual(['y2']);
    b.call(0).finish('x2');
    expect(await first.result).toBe('x2');
    await expect(second.result).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('comes too late for a delivered result', async () => {
    const { a, b, pipeline } = twoStages();
    const abort = new AbortController();
    const { result } = await pipeline.submit('x', { signal: abort.signal });
    a.call(0).finish('x1');
    await settled();
    b.call(0).finish('x2');
    expect(await result).toBe('x2');
    abort.abort();
    await pipeline.drain();
    expect([a.discarded, b.discarded, pipeline.stats().settled]).toEqual([[], [], 1]);
  });

  it('of many frames by one signal reaches all of them', async () => {
    const { a, inputs, pipeline } = twoStages({ queueDepth: 2 });
    const { signal, ...abort } = withAbort();
    for (const input of ['x', 'y', 'z']) await pipeline.submit(input, { signal });
    const waiting = pipeline.submit('waiting', { signal });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    a.call(0).finish('x1');
    await pipeline.drain();
    expect([a.started, a.discarded, inputs]).toEqual([[0], ['x1'], ['y', 'z']]);
  });

  it('starts no frame whose own abort event has yet to come', async () => {
    const { a, b, inputs, pipeline } = twoStages();
    const { signal, ...abort } = withAbort();
    // This listener comes before those of y and of who waits behind it, and frees the way for them.
    const early = withAbort();
    signal.addEventListener('abort', early.abort);
    await pipeline.submit('v');
    a.call(0).finish('v1');
    await settled();
    await pipeline.submit('w', { signal: early.signal });
    a.call(1).finish('w1');
    await settled();
    await pipeline.submit('x');
    a.call(2).finish('x1');
    await pipeline.submit('y', { signal });
    const waiting = pipeline.submit('waiting', { signal });
    expect(pipeline.stats()).toMatchObject({ waiting: 1, stages: [{ queued: 1, ready: 1 }, { queued: 1 }] });
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    b.call(0).finish('v2');
    await settled();
    b.call(2).finish('x2');
    await pipeline.drain();
    expect([a.started, b.started]).toEqual([
      [0, 1, 2],
      [0, 2],
    ]);
    expect([a.discarded, inputs]).toEqual([['w1'], ['y']]);
  });
});

describe('a discard', () => {
  function discardingBy(discard: () => Promise<void>) {
    const a = new ControlledStage<string>('a', 2);
    const stage: Stage<string, string> = {
      name: 'a',
      concurrency: 2,
      run: (input, context) => a.run(input, context),
      discard,
    };
    return { a, pipeline: new DeterministicPipeline({ stages: stages(stage), queueDepth: 1 }) };
  }

  it('that fails is told with the reason for it, and harms no other frame', async () => {
    const { a, pipeline } = discardingBy(() => Promise.reject(new Error('lease lost')));
    const { signal, ...abort } = withAbort();
    const first = await pipeline.submit('x', { signal });
    const second = await pipeline.submit('y');
    abort.abort();
    a.call(0).finish('x1');
    await expect(first.result).rejects.toMatchObject({
      code: 'cancelled',
      message: 'Cancelled. What the frame held could not be released: lease lost',
    });
    a.call(1).finish('y1');
    expect(await second.result).toBe('y1');
  });

  it('that takes time keeps the frame in its place, the next results back, and stop waiting', async () => {
    const discards: PromiseWithResolvers<void>[] = [];
    const { a, pipeline } = discardingBy(() => {
      discards.push(Promise.withResolvers());
      return discards.at(-1)?.promise ?? Promise.resolve();
    });
    const { signal, ...abort } = withAbort();
    const first = await pipeline.submit('x', { signal });
    const second = await pipeline.submit('y');
    await pipeline.submit('z');
    abort.abort();
    a.call(0).finish('x1');
    a.call(1).finish('y1');
    await settled();
    // x is being discarded, y waits for its turn to leave, z for a place.
    expect(pipeline.stats().stages[0]).toMatchObject({ queued: 1, running: 1, ready: 1 });

    const stopped = pipeline.stop();
    await settled();
    expect(discards).toHaveLength(2);
    expect(await Promise.all([first.cleaned, second.cleaned, stopped].map(stateOf))).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
    for (const discard of discards) discard.resolve();
    await stopped;
    await expect(first.result).rejects.toMatchObject({ code: 'cancelled' });
    await expect(second.result).rejects.toMatchObject({ code: 'stopped' });
  });
});

describe('a discarded input', () => {
  it('that takes time holds back the next result, which can still be cancelled', async () => {
    const discard = Promise.withResolvers<void>();
    const a = new ControlledStage<string>('a');
    const pipeline = new DeterministicPipeline({
      stages: stages(a),
      queueDepth: 2,
      discardInput: () => discard.promise,
    });
    const [early, late] = [withAbort(), withAbort()];
    await pipeline.submit('x');
    await pipeline.submit('y', { signal: early.signal });
    const third = await pipeline.submit('z', { signal: late.signal });
    early.abort();
    a.call(0).finish('x1');
    await settled();
    a.call(2).finish('z1');
    await settled();
    expect(pipeline.stats()).toMatchObject({ settled: 1, stages: [{ ready: 1 }] });
    late.abort();
    await third.cleaned;
    expect(a.discarded).toEqual(['z1']);
    expect(pipeline.stats().settled).toBe(1);
    discard.resolve();
    await pipeline.drain();
  });
});

describe('drain and stop', () => {
  it('drain resolves at once for an empty pipeline', async () => {
    expect(await stateOf(twoStages().pipeline.drain())).toBe('fulfilled');
  });

  it('drain waits for accepted and waiting frames', async () => {
    const { a, pipeline } = twoStages();
    for (const input of ['x', 'y', 'z']) void pipeline.submit(input);
    const drained = pipeline.drain();
    for (const id of [0, 1, 2]) {
      expect(await stateOf(drained)).toBe('pending');
      a.call(id).fail(new Error());
    }
    expect(await stateOf(drained)).toBe('fulfilled');
  });

  it('stop refuses, cancels, interrupts, and resolves when all is cleaned up', async () => {
    const { a, b, inputs, pipeline } = twoStages({ queueDepth: 1 });
    const tickets = [await pipeline.submit('v')];
    a.call(0).finish('v1');
    await settled();
    tickets.push(await pipeline.submit('w'), await pipeline.submit('x'));
    a.call(1).finish('w1');
    await settled();
    a.call(2).finish('x1');
    tickets.push(await pipeline.submit('y'));
    const waiting = pipeline.submit('waiting');
    await settled();
    // v is in b, w before it, x through a without room ahead, y before a.
    expect(pipeline.stats().stages).toMatchObject([
      { queued: 1, running: 0, ready: 1 },
      { queued: 1, running: 1, ready: 0 },
    ]);
    const stopped = pipeline.stop();
    const again = pipeline.stop(new EnlargerError('cancelled', 'Too late to be the reason.'));
    await expect(waiting).rejects.toMatchObject({ code: 'stopped' });
    await expect(pipeline.submit('late')).rejects.toMatchObject({ code: 'stopped' });
    expect(await stateOf(stopped)).toBe('pending');
    expect(b.call(0).signal.reason).toMatchObject({ code: 'stopped' });
    b.call(0).finish('v2');
    await Promise.all([stopped, again]);
    expect([a.discarded.toSorted(), b.discarded, inputs]).toEqual([['w1', 'x1'], ['v2'], ['y']]);
    expect([a.started, b.started]).toEqual([[0, 1, 2], [0]]);
    for (const { result } of tickets) await expect(result).rejects.toMatchObject({ code: 'stopped' });
    expect(pipeline.stats()).toMatchObject({ waiting: 0, accepted: 4, settled: 4 });
  });
});
