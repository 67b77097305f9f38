import { describe, expect, it } from 'vitest';
import { DeterministicPipeline } from '../../../src/engine/pipeline/deterministic-pipeline.ts';
import { stages } from '../../../src/engine/pipeline/stage.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { settled, stateOf, twoStages } from './controlled-stage.ts';

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
