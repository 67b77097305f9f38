import { describe, expect, it } from 'vitest';
import { DeterministicPipeline } from '../../../src/engine/pipeline/deterministic-pipeline.ts';
import { type Stage, stages } from '../../../src/engine/pipeline/stage.ts';
import { ControlledStage, settled, stateOf, withAbort } from './controlled-stage.ts';

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
