import { expect, it } from 'vitest';
import type { Device } from '../../../src/main/devices/device-list.ts';
import { planOn, planOnAll } from '../../../src/main/devices/device-plan.ts';
import type { NetworkConventions } from '../../../src/shared/network.ts';
import { sessionKey } from '../../../src/shared/plan.ts';
import { planFor } from '../../support/models.ts';

const cpu: Device = { id: 'cpu', provider: 'cpu', name: 'Xeon', driver: '', memory: null, likely: true };
const card: Device = { ...cpu, id: 'cuda:0', provider: 'cuda', index: 0, name: 'NVIDIA Test', driver: '1' };
const second: Device = { ...card, id: 'cuda:1', index: 1 };
const plan = { ...planFor(), tile: { width: 128, height: 96 } };
const { receptiveRadius: radius } = plan;

it('a device has one session for all pictures, of its own', () => {
  const { shallow, deep } = planOn(card, plan);
  expect(shallow).toEqual({ ...plan.deep, provider: 'cuda', device: 0 });
  expect(deep).toBe(shallow);
  expect(sessionKey(shallow)).not.toBe(sessionKey(plan.deep));
  expect(planOn(cpu, plan)).toBe(plan);
});

it('all of its inputs have one shape', () => {
  expect(planOn(card, plan)).toMatchObject({
    tile: plan.tile,
    input: { width: 128 + 2 * radius, height: 96 + 2 * radius },
  });
  expect(planOn(card, plan, 128 * 96 - 1)).toMatchObject({
    tile: { width: 64, height: 96 },
    input: { width: 64 + 2 * radius, height: 96 + 2 * radius },
  });
});

it('a network of one size has its own', () => {
  const network: NetworkConventions = {
    ...{ layout: 'NHWC', channels: 3, channelOrder: 'RGB', trim: 0, multiple: 1 },
    fixed: [128 + 2 * radius, 96 + 2 * radius],
  };
  const fixed = { ...plan, network };
  expect(planOn(card, fixed).input).toBeUndefined();
});

it('several cards have one session together, and the smallest of their tiles', () => {
  const plans = [planOn(card, plan), planOn(second, plan, 4000)] as const;
  const together = planOnAll([...plans]);
  expect(together.shallow).toEqual({ ...plan.deep, provider: 'cuda', devices: [0, 1] });
  expect(together.deep).toBe(together.shallow);
  expect([together.tile, together.input]).toEqual([plans[1].tile, plans[1].input]);
  expect(sessionKey(together.shallow)).toBe(`${plan.deep.sha256}/cuda:0,1/${plan.deep.threads}`);
  expect(planOnAll([plans[0]])).toBe(plans[0]);
});
