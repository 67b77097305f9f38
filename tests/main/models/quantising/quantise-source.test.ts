import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { modelsFolder } from '../../../../src/main/installation.ts';
import { findQuantiseSource } from '../../../../src/main/models/quantising/quantise-source.ts';
import { temporaryFolder } from '../../../support/pictures.ts';
import { addedCopy } from '../store/opened-store.ts';

it('an added model is found, with the values that it takes', async () => {
  const added = join(await temporaryFolder(), 'models');
  const folder = await addedCopy(added);
  const models = { shipped: modelsFolder(), added };
  const file = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8'));
  const entries = manifest.variants[0].entries.filter(({ dtype }: { dtype: string }) => dtype === 'float32');
  const write = (range: number[]) =>
    writeFile(
      file,
      JSON.stringify({
        ...manifest,
        id: 'mine',
        variants: [{ id: 'fp32', entries: [{ ...entries[0], range }] }],
      }),
    );
  await write([0, 255]);
  const { file: weights, registered, use } = await findQuantiseSource('mine', models);
  expect([weights, registered?.origin]).toEqual([join(folder, entries[0].file), 'added']);
  expect(use).toMatchObject({ dtype: 'float32', range: [0, 255], scale: 2 });
});
