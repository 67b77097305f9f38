import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AroundStage } from '../../src/engine/engine.ts';
import type { EngineConfig } from '../../src/shared/engine-protocol.ts';
import type { OutputFormat } from '../../src/shared/formats.ts';
import { jobFor, leftovers, NOTHING_LEFT, readyEngine } from '../support/engine.ts';
import { planFor } from '../support/models.ts';
import { type PictureOptions, randomNumbers, writePicture } from '../support/pictures.ts';

const FILES: [name: string, options: PictureOptions, format: OutputFormat][] = [
  ['photo.jpg', { width: 90, height: 61 }, 'jpeg'],
  ['small.png', { width: 5, height: 3 }, 'png'],
  ['gray.jpg', { bands: 1 }, 'webp'],
  ['rgba.png', { bands: 4, width: 70 }, 'png'],
  ['deep.tif', { deep: true, width: 65, height: 40 }, 'tiff'],
  ['wide.webp', { width: 130, height: 20 }, 'avif'],
];

/** Enlarges all files at once; resolves to the hashes of the results, in the order of `FILES`. */
async function hashesUnder(
  config: Partial<EngineConfig>,
  tile = 32,
  around?: AroundStage,
): Promise<string[]> {
  const { engine, folder, scratch } = await readyEngine(config, around);
  const results = await Promise.all(
    FILES.map(async ([name, options, format], index) => {
      const job = jobFor(await writePicture(join(folder, name), options), format, {
        plan: planFor({ tile }),
        lane: index % 2 ? 'interactive' : 'batch',
      });
      const { sha256, bytes } = await engine.request('enhance', job);
      const written = await readFile(job.output.temporary);
      expect(createHash('sha256').update(written).digest('hex')).toBe(sha256);
      expect(written.length).toBe(bytes);
      return sha256;
    }),
  );
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  return results;
}

const sequential = hashesInSequence();

function hashesInSequence() {
  let hashes: Promise<string[]> | undefined;
  return () => {
    hashes ??= hashesUnder({ workers: 1, queueDepth: 1, sequential: true });
    return hashes;
  };
}

describe('the bytes of the results are those of the sequential mode', () => {
  it.each([
    { workers: 1, queueDepth: 1 },
    { workers: 1, queueDepth: 4 },
    { workers: 2, queueDepth: 1 },
    { workers: 2, queueDepth: 4 },
    { workers: 3, queueDepth: 4 },
    { workers: 3, queueDepth: 1, sequential: true },
  ])('with %o', async (config) => {
    expect(await hashesUnder(config)).toEqual(await sequential());
  });

  it.each([1, 2, 3])('with random delays in every stage (seed %i)', async (seed) => {
    const random = randomNumbers(seed);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20 * random()));
    const delayed: AroundStage = (stage) => ({
      ...stage,
      run: async (input, context) => {
        await pause();
        const output = await stage.run(input, context);
        await pause();
        return output;
      },
    });
    expect(await hashesUnder({ workers: 2, queueDepth: 4 }, 32, delayed)).toEqual(await sequential());
  });

  it('for another size of tiles', async () => {
    const [first, ...others] = await hashesUnder({}, 50);
    const [, ...expected] = await sequential();
    expect(first).toHaveLength(64);
    // 16 bits may differ by the rounding of floats; all others are equal.
    const deep = FILES.findIndex(([name]) => name === 'deep.tif') - 1;
    expect(others.toSpliced(deep, 1)).toEqual(expected.toSpliced(deep, 1));
  });

  it('and of different pictures differ', async () => {
    expect(new Set(await sequential()).size).toBe(FILES.length);
  });
});
