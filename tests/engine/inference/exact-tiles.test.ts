import { describe, expect, it } from 'vitest';
import { inputFor } from '../../../src/shared/network-geometry.ts';
import { planTiles } from '../../../src/shared/tiles.ts';
import { anyEntry, shippedEntries } from '../../support/models.ts';
import { largestDifference } from '../../support/pixels.ts';
import { enlargeTiled, pixelsOf, runnerOf, sharedFrame, sharedPhoto, tileWork } from './shared-frames.ts';

const [WIDTH, HEIGHT] = [61, 47];

describe.each(shippedEntries)('$name', (entry) => {
  const deep = entry.spec.dtype === 'float32';

  it('in tiles of any size gives what the whole picture in one gives', async () => {
    const runner = await runnerOf(entry);
    const source = sharedPhoto(WIDTH, HEIGHT, deep);
    const whole = pixelsOf(await enlargeTiled(runner, entry, source, Math.max(WIDTH, HEIGHT)));
    // Floats may differ by their rounding, 1e-5 at most: less than one step of 65535.
    const allowed = deep ? 1 : 0;
    for (const side of [40, 24, 17, 7]) {
      const tiled = pixelsOf(await enlargeTiled(runner, entry, source, side));
      expect(largestDifference(tiled, whole), `tiles of ${side}`).toBeLessThanOrEqual(allowed);
    }
  });

  it('with inputs of one shape gives what tiles of their own shapes give', async () => {
    const runner = await runnerOf(entry);
    const source = sharedPhoto(WIDTH, HEIGHT, deep);
    const largest = { width: 24, height: 24 };
    const expected = pixelsOf(await enlargeTiled(runner, entry, source, largest.width));
    const result = sharedFrame(WIDTH * entry.scale, HEIGHT * entry.scale, deep);
    const input = inputFor(largest, entry);
    for (const tile of planTiles(WIDTH, HEIGHT, largest, entry.network?.multiple)) {
      await runner.run({ ...tileWork(entry, source, result, tile), input });
    }
    expect(largestDifference(pixelsOf(result), expected)).toBeLessThanOrEqual(deep ? 1 : 0);
  });

  it('enlarges pictures smaller than its receptive field', async () => {
    const runner = await runnerOf(entry);
    for (const [width, height] of [
      [1, 1],
      [1, 5],
      [3, 2],
    ] as const) {
      const result = pixelsOf(await enlargeTiled(runner, entry, sharedPhoto(width, height, deep), 2));
      const source = pixelsOf(sharedPhoto(width, height, deep));
      // So little holds no detail to invent: what comes out is about what went in.
      const drift = Math.abs(mean(result.data) - mean(source.data)) / (deep ? 65_535 : 255);
      expect(drift, `${width}×${height}`).toBeLessThan(0.1);
    }
  });
});

it('the comparison notices tiles without their neighbours', async () => {
  const entry = anyEntry();
  const runner = await runnerOf(entry);
  const { scale } = entry;
  const source = sharedPhoto(32, 16, false);
  const whole = pixelsOf(await enlargeTiled(runner, entry, source, 32));
  const left = sharedFrame(16, 16, false);
  const pixels = pixelsOf(source).data;
  for (let y = 0; y < 16; y++) {
    pixelsOf(left).data.set(pixels.subarray(y * 32 * 3, (y * 32 + 16) * 3), y * 16 * 3);
  }
  const result = sharedFrame(32 * scale, 16 * scale, false);
  await runner.run(tileWork(entry, left, result, { x: 0, y: 0, width: 16, height: 16 }));
  expect(largestDifference(pixelsOf(result), whole)).toBeGreaterThan(0);
});

function mean(data: Uint8Array | Uint16Array): number {
  let sum = 0;
  for (const sample of data) sum += sample;
  return sum / data.length;
}
