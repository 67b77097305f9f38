import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jobFor, readyEngine } from '../support/engine.ts';
import { readPicture, writePicture } from '../support/pictures.ts';

it('a result says what was done', async () => {
  const { engine, folder } = await readyEngine();
  const source = await writePicture(join(folder, 'photo.png'), { width: 70, height: 40, bands: 4 });
  const job = jobFor(source);
  const { scale, receptiveRadius: radius } = job.plan;
  const pixels = 70 * 40;
  const resultPixels = pixels * scale ** 2;
  // Three columns and two rows, each with its padding.
  const padded = (70 + 3 * 2 * radius) * (40 + 2 * 2 * radius);
  expect(await engine.request('enhance', job)).toEqual({
    width: 70 * scale,
    height: 40 * scale,
    bytes: expect.any(Number),
    fidelity: [{ what: 'alpha', became: 'kept' }],
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    variant: 'fp32',
    tiles: 6,
    milliseconds: {
      decode: expect.any(Number),
      enhance: expect.any(Number),
      encode: expect.any(Number),
      verify: expect.any(Number),
    },
    pixelBytes: resultPixels * 4,
    copied: {
      scratch: 2 * pixels * 4,
      split: pixels * 4,
      gather: padded * 3,
      runtime: resultPixels * 3,
      scatter: resultPixels * 3,
      join: resultPixels * 4,
    },
    notes: [],
  });
});

it.each([{}, { deep: true }, { bands: 1 }] as const)(
  'the result of %o looks like its source',
  async (options) => {
    const { engine, folder } = await readyEngine();
    const source = await writePicture(join(folder, 'photo.png'), options);
    const job = jobFor(source);
    await engine.request('enhance', job);
    const [before, after] = [await readPicture(source), await readPicture(job.output.temporary)];
    const most = before.data instanceof Uint16Array ? 65_535 : 255;
    expect(after.channels).toBe(before.channels);
    expect(Math.abs(mean(after.data) - mean(before.data)) / most).toBeLessThan(0.02);
  },
);

it('notes of the decoder come with the result', async () => {
  const { engine, folder } = await readyEngine();
  const job = jobFor(await writePicture(join(folder, 'print.jpg'), { cmyk: true }));
  expect(await engine.request('enhance', job)).toMatchObject({
    notes: ['The colours were converted from CMYK to sRGB.'],
  });
});

function mean(data: Uint8Array | Uint16Array): number {
  let sum = 0;
  for (const sample of data) sum += sample;
  return sum / data.length;
}
