import { expect, it } from 'vitest';
import { orOnProcessor } from '../../../src/main/batch/device-fallback.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import type { Plan } from '../../../src/shared/plan.ts';
import { planFor } from '../../support/models.ts';

const processor = planFor();
const onCard = (spec: Plan['deep']) => ({ ...spec, provider: 'cuda', device: 1 }) as const;
const input = { width: 88, height: 88 };
const graphics: Plan = {
  ...processor,
  ...{ shallow: onCard(processor.shallow), deep: onCard(processor.deep), input },
};

const short = new EnlargerError('out-of-memory', 'The network failed on a tile: too large');

it('computes by the plan where that goes well', async () => {
  expect(await orOnProcessor(graphics, async (plan) => plan)).toEqual({ made: graphics, notes: [] });
});

it('computes on the processor where a device fails, and says so', async () => {
  const plans: Plan[] = [];
  const compute = async (plan: Plan) => {
    plans.push(plan);
    if (plan.shallow.provider !== 'cpu') throw short;
    return 'a result';
  };
  expect(await orOnProcessor(graphics, compute)).toEqual({
    made: 'a result',
    notes: ['The processor computed this one, because cuda failed: The network failed on a tile: too large'],
  });
  expect(plans).toEqual([graphics, processor]);
});

it('several cards are one device that fails', async () => {
  const cards = { ...processor.deep, provider: 'cuda' as const, devices: [0, 1] };
  const { made } = await orOnProcessor({ ...graphics, shallow: cards, deep: cards }, async (plan) => {
    if (plan.shallow.provider !== 'cpu') throw short;
    return plan;
  });
  expect(made).toEqual({ ...processor, shallow: processor.deep });
});

it.each([
  ['a fault of the picture', graphics, new EnlargerError('decode-failed', 'no picture')],
  ['a cancellation', graphics, new EnlargerError('cancelled', 'Cancelled.')],
  ['the processor’s own fault', processor, short],
  ['what nobody knows', graphics, new TypeError('odd')],
])('fails with %s at once', async (_, plan, error) => {
  let times = 0;
  const failing = orOnProcessor(plan, () => {
    times += 1;
    return Promise.reject(error);
  });
  await expect(failing).rejects.toBe(error);
  expect(times).toBe(1);
});
