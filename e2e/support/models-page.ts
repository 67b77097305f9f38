import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { QUICK } from '../../tests/main/shells/web-page.ts';
import { shiftNetwork } from '../../tests/support/foreign-networks.ts';
import { compact } from '../../tests/support/networks/real-esrgan.ts';
import { model, node, valueInfo } from '../../tests/support/onnx.ts';
import { temporaryFolder } from '../../tests/support/pictures.ts';
import { writeModel } from '../../tests/support/write-model.ts';
import { type OpenPage, openPage } from './open-page.ts';

/** The dialog for models, and in it a file that was brought, and an installed model. */
export const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Models' });
export const cardOf = (page: Page, name: string | RegExp) => dialogOf(page).getByRole('region', { name });
export const rowOf = (page: Page, title: string) =>
  dialogOf(page).getByRole('listitem', { name: title, exact: true });

/** The name of what has the focus. */
export const focused = (page: Page) => page.evaluate(() => document.activeElement?.ariaLabel);

/** Opens the dialog, with what is installed. */
export async function openModels(page: Page) {
  await page.getByRole('button', { name: 'Manage models…' }).click();
  await dialogOf(page).getByRole('list', { name: 'Installed models' }).waitFor();
  return dialogOf(page);
}

/** A file of this machine, named so. */
export async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

/** A network with a number beside the picture. */
export const general = () => compact({ denoise: true, more: [['dn', 1, [1]]] });

/** A network that is as others call it: takes a picture, gives a number for each kind of thing that may be in it. */
export const classifier = () =>
  model({
    nodes: [node('GlobalAveragePool', { inputs: ['image'], outputs: ['kinds'] })],
    inputs: [valueInfo('image', 1, [1, 3, 224, 224])],
    outputs: [valueInfo('kinds', 1, [1, 3, 1, 1])],
  });

export type AddedModel = Parameters<typeof writeModel>[1] & { dtype?: 'uint8' | 'float32' };

/** The page with models that its user has added earlier. */
export async function openWith(
  models: readonly AddedModel[],
  settings: NonNullable<Parameters<typeof openPage>[0]>['settings'] = {},
): Promise<OpenPage> {
  const state = join(await temporaryFolder(), 'state');
  for (const [index, { dtype = 'float32', ...manifest }] of models.entries()) {
    const { scale = 1, strength } = manifest;
    const number = strength ? { strength: { dtype: strength.dtype, dims: strength.dims } } : {};
    // Each with other bytes than the one before.
    const onnx = shiftNetwork({ dtype, scale, radius: index, ...number });
    const about = { receptiveRadius: index, input: 'in', output: 'out', ...manifest };
    await writeModel(join(state, 'models'), about, [{ onnx, dtype }]);
  }
  return openPage({ state, settings: { recipe: QUICK, ...settings } });
}
