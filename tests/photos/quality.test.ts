import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { modelsFolder } from '../../src/main/installation.ts';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../src/main/models/resolve-plan.ts';
import type { VariantId } from '../../src/shared/models.ts';
import { psnrY, type Rgb, reduced } from '../support/bicubic.ts';
import { jobFor, loadSessions, startEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/pictures.ts';

const SET5 = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'bench', 'Set5');

/** Mean PSNR-Y in dB of Set5, reduced by bicubic and enlarged through the engine. */
async function score(id: string, variant: VariantId): Promise<number> {
  const model = (await ModelRegistry.read(modelsFolder())).get(id);
  const plan = resolvePlan(model, { variant, threads: 1 });
  const { scale } = plan;
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder, { memoryBudget: 5e8 });
  await loadSessions(engine, plan);
  const scores: number[] = [];
  for (const name of await readdir(SET5)) {
    const high = await read(join(SET5, name), scale);
    const low = reduced(high, scale);
    const source = join(folder, name);
    await sharp(low.data, { raw: { width: low.width, height: low.height, channels: 3 } }).toFile(source);
    const job = jobFor(source, 'png', { plan });
    await engine.enhance(job);
    scores.push(psnrY(high, await read(job.output.temporary, 1), scale));
  }
  return scores.reduce((sum, value) => sum + value, 0) / scores.length;
}

/** RGB, cut to a multiple of `scale` at the right and bottom. */
async function read(file: string, scale: number): Promise<Rgb> {
  const { width = 0, height = 0 } = await sharp(file).metadata();
  const size = { width: width - (width % scale), height: height - (height % scale) };
  const data = await sharp(file)
    .extract({ left: 0, top: 0, ...size })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  return { data, ...size };
}

describe.skipIf(!existsSync(SET5))(
  'on Set5, which is beside the repository only where it is developed',
  () => {
    it.each([
      { id: 'photo-x4', bar: 31.6 },
      { id: 'photo-x2', bar: 37.6 },
    ])('$id reaches $bar dB, and int8 loses at most 0.1 dB', async ({ id, bar }) => {
      const fp32 = await score(id, 'fp32');
      expect(fp32).toBeGreaterThanOrEqual(bar);
      expect(fp32 - (await score(id, 'int8'))).toBeLessThanOrEqual(0.1);
    });
  },
);
