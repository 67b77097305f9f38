import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { testPicture } from '../../../src/engine/inference/self-test.ts';
import { startEngine } from '../../support/engine.ts';
import { shippedEntries } from '../../support/models.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';

const QEMU = '/usr/bin/qemu-x86_64';
const ONE_TILE = fileURLToPath(new URL('./one-tile.ts', import.meta.url));

/** Side of the tile in pixels of the source, its padding counted. */
const SIDE = 72;

const networks = shippedEntries.filter(
  ({ spec }) => /^photo-x[24]$/.test(spec.modelId) && spec.variant === 'fp32' && spec.dtype === 'uint8',
);

async function resultOf(program: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
  return (await promisify(execFile)(program, args, { maxBuffer: 64e6, env })).stdout;
}

/** A Haswell adds two products of eight bits in sixteen, and cuts off what does not fit: seven bits always fit. */
it.skipIf(!existsSync(QEMU) || process.arch !== 'x64').for(networks)(
  '$name with weights of seven bits gives the same on a Haswell as here',
  { timeout: 240_000 },
  async ({ spec }) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'in'));
    const pictures = await Promise.all(
      [1, 2, 3].map((seed) =>
        writePicture(join(folder, 'in', `${seed}.png`), { width: 120, height: 110, seed }),
      ),
    );
    const { engine } = await startEngine(folder, { workers: 1 });
    const seven = join(folder, 'seven.onnx');
    const work = { jobId: 1, model: spec.file, pictures, temporary: seven, maxLoss: 0.3, threads: 1 };
    expect(await engine.request('quantise', { ...work, weightBits: 7 })).toMatchObject({ weightBits: 7 });

    const tile = join(folder, 'tile.raw');
    await writeFile(tile, testPicture(SIDE));
    const run = [ONE_TILE, seven, tile, String(SIDE)];
    const here = await resultOf(process.execPath, run);
    expect(here.length).toBeGreaterThan(SIDE ** 2);
    expect(await resultOf(QEMU, ['-cpu', 'Haswell', process.execPath, ...run])).toBe(here);
  },
);
