import { describe, expect, it } from 'vitest';
import { inferenceService } from '../../../src/engine/inference/inference-service.ts';
import { psnr, testPicture } from '../../../src/engine/inference/self-test.ts';
import { anyEntry, type ShippedEntry, shippedEntries } from '../../support/models.ts';
import { modelBytes } from './shared-frames.ts';

const candidateOf = async ({ spec }: ShippedEntry) => ({ spec, model: await modelBytes(spec) });

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
    expect(measured).toEqual({ psnr: 99, reference: expect.any(Number), candidate: expect.any(Number) });
    expect(measured.reference).toBeGreaterThan(0);
    expect(measured.candidate).toBeGreaterThan(0);
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
