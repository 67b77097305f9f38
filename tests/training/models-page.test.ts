import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installationFolder } from '../../src/main/installation.ts';
import { modelsPage, shippedManifests } from '../../training/models-page.ts';

describe('docs/models.md', () => {
  it('says what the manifests say (node training/models-page.ts writes it)', async () => {
    const page = await readFile(join(installationFolder(), 'docs', 'models.md'), 'utf8');
    expect(page).toBe(modelsPage(await shippedManifests()));
  });

  it('shows what is measured of a variant, and says so where nothing is', async () => {
    const [model] = await shippedManifests();
    const [fp32] = model?.variants ?? [];
    if (!model || !fp32) throw new Error('No model ships.');
    const int8 = { ...fp32, id: 'int8' as const, loss: 0.0512, fidelity: 46.24, speed: 3.04, psnr: {} };
    const fp16 = { ...fp32, id: 'fp16' as const };
    const page = modelsPage([{ ...model, variants: [fp32, fp16, int8] }]);
    const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const ends = (id: string) =>
      rows.find((cells) => cells[2] === id && cells[3]?.endsWith('MB'))?.slice(4, 7);
    expect(ends('int8')).toEqual(['0.05', '46.2', '3.0']);
    expect(ends('fp16')).toEqual(['', '', 'not measured']);
  });
});
