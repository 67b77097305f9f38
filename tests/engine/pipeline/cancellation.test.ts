import { describe, expect, it } from 'vitest';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { settled, stateOf, twoStages, withAbort } from './controlled-stage.ts';

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
