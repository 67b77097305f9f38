import { describe, expect, it } from 'vitest';
import { inferenceService } from '../../../src/engine/inference/inference-service.ts';
import { compareSessions, psnr, testPicture } from '../../../src/engine/inference/self-test.ts';
import { type SharedFrame, TileRunner } from '../../../src/engine/inference/tile-runner.ts';
import { sessionKey } from '../../../src/shared/plan.ts';
import { anyEntry, type ShippedEntry, shippedEntries } from '../../support/models.ts';
import { modelBytes } from './shared-frames.ts';

const candidateOf = async ({ spec }: ShippedEntry) => ({ spec, model: await modelBytes(spec) });

const blackFrame = (side: number): SharedFrame => ({
  buffer: new SharedArrayBuffer(3 * side * side),
  offset: 0,
  width: side,
  height: side,
  deep: false,
});

describe('the built-in picture', () => {
  it('has every brightness in every channel', () => {
    const pixels = testPicture(96);
    for (const channel of [0, 1, 2]) {
      const values = pixels.filter((_, index) => index % 3 === channel);
      expect(Math.min(...values)).toBeLessThan(30);
      expect(Math.max(...values)).toBeGreaterThan(225);
      expect(new Set(values).size).toBeGreaterThan(180);
    }
  });
});

describe('psnr', () => {
  it.each([
    ['equal', [1, 2, 3], [1, 2, 3], 99],
    ['one step apart', [1, 2, 3], [2, 1, 4], 48.13],
    ['black and white', [0, 0], [255, 255], 0],
  ])('of pictures that are %s', (_, a, b, decibels) => {
    expect(psnr(Uint8Array.from(a), Uint8Array.from(b))).toBeCloseTo(decibels, 2);
  });
});

describe('comparing sessions', () => {
  it('finds a session equal to itself', async () => {
    const entry = anyEntry();
    const same = await candidateOf(entry);
    const network = { scale: entry.scale, radius: entry.radius };
    const service = inferenceService();
    const measured = await service.compare({ reference: same, candidate: same, network });
    const milliseconds = expect.any(Number);
    expect(measured).toEqual({ psnr: 99, worst: 0, reference: milliseconds, candidate: milliseconds });
    expect(measured.reference).toBeGreaterThan(0);
    expect(measured.candidate).toBeGreaterThan(0);
  });

  it('leaves alone what is loaded of the same weights meanwhile', async () => {
    const entry = anyEntry();
    const same = await candidateOf(entry);
    const network = { scale: entry.scale, radius: entry.radius };
    const runner = new TileRunner();
    const comparing = compareSessions(runner, same, same, network);
    await runner.load(entry.spec, new Uint8Array(same.model).slice());
    await comparing;
    const side = { x: 0, y: 0, width: 16, height: 16 };
    const work = {
      session: sessionKey(entry.spec),
      tile: side,
      ...network,
      flags: new SharedArrayBuffer(4),
      flag: 0,
    };
    const { outcome } = await runner.run({
      ...work,
      source: blackFrame(16),
      result: blackFrame(16 * entry.scale),
    });
    expect(outcome).toBe('done');
  });

  const quantised = shippedEntries.filter(({ spec }) => spec.variant === 'int8');
  it.each(quantised)('finds $name close to fp32', async (entry) => {
    const full = shippedEntries.find(
      ({ spec: { modelId, variant, dtype } }) =>
        modelId === entry.spec.modelId && variant === 'fp32' && dtype === entry.spec.dtype,
    );
    const { psnr: decibels } = await inferenceService().compare({
      reference: await candidateOf(full as ShippedEntry),
      candidate: await candidateOf(entry),
      network: { scale: entry.scale, radius: entry.radius },
    });
    expect(decibels).toBeGreaterThan(30);
    expect(decibels).toBeLessThan(99);
  });
});
