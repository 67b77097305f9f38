import { describe, expect, it } from 'vitest';
import { DeterministicPipeline } from '../../../src/engine/pipeline/deterministic-pipeline.ts';
import { stages } from '../../../src/engine/pipeline/stage.ts';
import { ControlledStage, settled, stateOf } from './controlled-stage.ts';

describe('order', () => {
  it('takes a value through stages of different types', async () => {
    const pipeline = new DeterministicPipeline({
      stages: stages({ name: 'parse', run: async (text: string) => Number(text) })
        .stage({ name: 'double', run: async (value: number) => value * 2 })
        .stage({ name: 'even', run: async (value: number) => value % 2 === 0 })
        .stage({ name: 'say', run: async (even: boolean) => (even ? 'even' : 'odd') }),
      queueDepth: 1,
    });
    const ticket = await pipeline.submit('21');
    expect(ticket.frameId).toBe(0);
    const text: string = await ticket.result;
    expect(text).toBe('even');
  });

  it('does not compile stages that do not fit', () => {
    const parse = stages({ name: 'parse', run: async (text: string) => Number(text) });
    // @ts-expect-error: parse returns numbers
    const broken = parse.stage({ name: 'trim', run: async (text: string) => text.trim() });
    // @ts-expect-error: parse accepts strings
    const options: { stages: typeof parse } = { stages: stages({ name: 'x', run: async (n: number) => n }) };
    expect(broken.list).toHaveLength(2);
    expect(options.stages.list).toHaveLength(1);
  });

  it('works on different frames in different stages at the same time', async () => {
    const [a, b] = [new ControlledStage<string>('a'), new ControlledStage<string>('b')];
    const pipeline = new DeterministicPipeline({ stages: stages(a).stage(b), queueDepth: 1 });
    await pipeline.submit('first');
    await pipeline.submit('second');
    a.call(0).finish('first');
    await settled();
    expect(a.started).toEqual([0, 1]);
    expect(b.started).toEqual([0]);
  });

  it('gives ids in the order of the calls, also to those who wait', async () => {
    const a = new ControlledStage<string>('a');
    const pipeline = new DeterministicPipeline({ stages: stages(a), queueDepth: 1 });
    const tickets = ['p', 'q', 'r', 's'].map((input) => pipeline.submit(input));
    for (const id of [0, 1, 2, 3]) {
      await settled();
      a.call(id).finish('done');
    }
    expect((await Promise.all(tickets)).map((ticket) => ticket.frameId)).toEqual([0, 1, 2, 3]);
    expect(a.calls.map((call) => call.input)).toEqual(['p', 'q', 'r', 's']);
  });

  it('lets frames overtake nobody when a stage takes several at once', async () => {
    const wide = new ControlledStage<number>('wide', 3);
    const last = new ControlledStage<number>('last', 3);
    const pipeline = new DeterministicPipeline({ stages: stages(wide).stage(last), queueDepth: 3 });
    const order: number[] = [];
    for (const id of [0, 1, 2, 3]) {
      const { result } = await pipeline.submit(id);
      void result.then(() => order.push(id));
    }
    expect(wide.started).toEqual([0, 1, 2]);

    wide.call(2).finish(2);
    wide.call(1).finish(1);
    await settled();
    expect(last.started).toEqual([]);
    expect(pipeline.stats().stages[0]).toMatchObject({ queued: 1, running: 1, ready: 2 });
    expect(wide.started).toEqual([0, 1, 2]);

    wide.call(0).finish(0);
    await settled();
    expect(last.started).toEqual([0, 1, 2]);
    expect(wide.started).toEqual([0, 1, 2, 3]);

    last.call(1).finish(1);
    last.call(2).finish(2);
    expect(await stateOf(Promise.resolve())).toBe('fulfilled');
    expect(order).toEqual([]);
    last.call(0).finish(0);
    await settled();
    expect(order).toEqual([0, 1, 2]);
  });

  it('settles a failure in its turn, and says at once that it is cleaned up', async () => {
    const a = new ControlledStage<number>('a', 2);
    const pipeline = new DeterministicPipeline({ stages: stages(a), queueDepth: 1 });
    const [first, second] = [await pipeline.submit(0), await pipeline.submit(1)];
    a.call(1).fail(new Error('broken'));
    expect(await stateOf(second.cleaned)).toBe('fulfilled');
    expect(await stateOf(second.result)).toBe('pending');
    a.call(0).finish(0);
    expect(await first.result).toBe(0);
    await expect(second.result).rejects.toMatchObject({ message: 'broken' });
  });
});

describe('sequential mode', () => {
  it('has one frame in all stages together', async () => {
    const [a, b] = [new ControlledStage<number>('a', 2), new ControlledStage<number>('b', 2)];
    const pipeline = new DeterministicPipeline({
      stages: stages(a).stage(b),
      queueDepth: 2,
      sequential: true,
    });
    await pipeline.submit(0);
    await pipeline.submit(1);
    a.call(0).finish(0);
    await settled();
    expect([a.started, b.started]).toEqual([[0], [0]]);
    b.call(0).finish(0);
    await settled();
    expect([a.started, b.started]).toEqual([[0, 1], [0]]);
  });

  it('waits until a failed frame is cleaned up', async () => {
    const cleanup = Promise.withResolvers<void>();
    const abort = new AbortController();
    const a = new ControlledStage<number>('a');
    const slowToDiscard = {
      name: 'a',
      run: (n: number, context: { frameId: number; signal: AbortSignal }) => a.run(n, context),
      discard: () => cleanup.promise,
    };
    const pipeline = new DeterministicPipeline({
      stages: stages(slowToDiscard),
      queueDepth: 2,
      sequential: true,
    });
    await pipeline.submit(0, { signal: abort.signal });
    await pipeline.submit(1);
    abort.abort();
    a.call(0).finish(0);
    await settled();
    expect(a.started).toEqual([0]);
    cleanup.resolve();
    await settled();
    expect(a.started).toEqual([0, 1]);
  });

  it('has the results of the pipelined mode, whatever the order in which that finishes', async () => {
    const results = async (sequential: boolean) => {
      const [a, b] = [new ControlledStage<number>('a', 3), new ControlledStage<number>('b', 2)];
      const pipeline = new DeterministicPipeline({ stages: stages(a).stage(b), queueDepth: 2, sequential });
      const tickets = Array.from({ length: 9 }, (_, index) => pipeline.submit(index));
      const done = new Set<object>();
      for (let open = [0]; open.length > 0; ) {
        await settled();
        const calls = [...a.calls, ...b.calls].filter((call) => !done.has(call));
        open = calls.map((call) => call.frameId);
        // The latest first: as far from entry order as it gets.
        const call = calls.at(-1);
        if (!call) break;
        done.add(call);
        if (call.input % 4 === 3) call.fail(new Error(`no ${call.input}`));
        else call.finish(call.input * 10 + call.frameId);
      }
      const settledTickets = await Promise.all(tickets);
      return Promise.allSettled(settledTickets.map((ticket) => ticket.result));
    };
    const reference = await results(true);
    expect(reference.filter((result) => result.status === 'rejected')).not.toHaveLength(0);
    expect(await results(false)).toEqual(reference);
  });
});
