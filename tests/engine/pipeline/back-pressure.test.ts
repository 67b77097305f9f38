import { describe, expect, it } from 'vitest';
import { DeterministicPipeline } from '../../../src/engine/pipeline/deterministic-pipeline.ts';
import { stages } from '../../../src/engine/pipeline/stage.ts';
import { ControlledStage, settled, stateOf } from './controlled-stage.ts';

describe('back-pressure', () => {
  it('accepts as many frames as places and queue hold; the next waits', async () => {
    const a = new ControlledStage<number>('a');
    const pipeline = new DeterministicPipeline({ stages: stages(a), queueDepth: 2 });
    const submissions = [0, 1, 2, 3].map((input) => pipeline.submit(input));
    expect(await Promise.all(submissions.map(stateOf))).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'pending',
    ]);
    expect(pipeline.stats()).toMatchObject({
      waiting: 1,
      accepted: 3,
      settled: 0,
      stages: [{ queued: 2, running: 1 }],
    });

    a.call(0).finish(0);
    await settled();
    expect(pipeline.stats()).toMatchObject({ waiting: 0, accepted: 4, settled: 1, stages: [{ queued: 2 }] });
  });

  it('reaches back from the last stage to the entry, with every queue bounded', async () => {
    const list = [
      new ControlledStage<number>('a', 2),
      new ControlledStage<number>('b'),
      new ControlledStage<number>('c'),
    ] as const;
    const [a, b, c] = list;
    const pipeline = new DeterministicPipeline({ stages: stages(a).stage(b).stage(c), queueDepth: 1 });
    const submissions = Array.from({ length: 12 }, (_, index) => pipeline.submit(index));
    // Everything but the last stage is quick.
    for (let round = 0; round < 8; round += 1) {
      await settled();
      for (const call of [...a.calls, ...b.calls]) call.finish(call.input);
    }
    expect(c.started).toEqual([0]);
    expect(pipeline.stats()).toMatchObject({
      waiting: 5,
      accepted: 7,
      stages: [
        { name: 'a', queued: 1, running: 0, ready: 2 },
        { name: 'b', queued: 1, running: 0, ready: 1 },
        { name: 'c', queued: 1, running: 1, ready: 0 },
      ],
    });

    for (const id of submissions.keys()) {
      c.call(id).finish(id);
      for (let round = 0; round < 8; round += 1) {
        await settled();
        for (const call of [...a.calls, ...b.calls]) call.finish(call.input);
      }
      const { stages: loads } = pipeline.stats();
      expect(Math.max(...loads.map((load) => load.queued))).toBeLessThanOrEqual(1);
      expect(loads.map((load) => load.running + load.ready <= (load.name === 'a' ? 2 : 1))).not.toContain(
        false,
      );
    }
    const tickets = await Promise.all(submissions);
    expect(await Promise.all(tickets.map((ticket) => ticket.result))).toEqual([...submissions.keys()]);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a queue depth of %s', (queueDepth) => {
    const a = new ControlledStage<number>('a');
    expect(() => new DeterministicPipeline({ stages: stages(a), queueDepth })).toThrow(
      `Expected an integer from 1 for queueDepth but received ${queueDepth}.`,
    );
  });

  it('refuses a stage without places', () => {
    const a = new ControlledStage<number>('decode', 0);
    expect(() => new DeterministicPipeline({ stages: stages(a), queueDepth: 1 })).toThrow(
      'Expected an integer from 1 for concurrency of stage decode but received 0.',
    );
  });
});

describe('measurements', () => {
  it('tells how long frames waited and were served, by stage', async () => {
    let nowMs = 0;
    const [a, b] = [new ControlledStage<number>('a'), new ControlledStage<number>('b')];
    const pipeline = new DeterministicPipeline({
      stages: stages(a).stage(b),
      queueDepth: 1,
      now: () => nowMs,
    });
    const [first, second] = [await pipeline.submit(0), await pipeline.submit(1)];
    nowMs = 10;
    a.call(0).finish(0);
    await settled();
    nowMs = 40;
    a.call(1).finish(1);
    b.call(0).finish(0);
    await settled();
    nowMs = 45;
    b.call(1).finish(1);
    await Promise.all([first.result, second.result]);

    const [statsOfA, statsOfB] = pipeline.stats().stages;
    expect(statsOfA?.queueWait).toMatchObject({ count: 2, sum: 10, max: 10 });
    expect(statsOfA?.service).toMatchObject({ count: 2, sum: 40, max: 30 });
    expect(statsOfB?.queueWait).toMatchObject({ count: 2, sum: 0 });
    expect(statsOfB?.service).toMatchObject({ count: 2, sum: 35, max: 30 });
  });

  it('uses a real clock unless given one', async () => {
    const a = new ControlledStage<number>('a');
    const pipeline = new DeterministicPipeline({ stages: stages(a), queueDepth: 1 });
    const { result } = await pipeline.submit(0);
    await settled();
    a.call(0).finish(0);
    await result;
    expect(pipeline.stats().stages[0]?.service.sum).toBeGreaterThan(0);
  });
});
