import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { QUICK } from '../tests/main/shells/web-page.ts';
import { divided, writeDivided } from '../tests/support/networks/divided.ts';
import { temporaryFolder, writePicture } from '../tests/support/pictures.ts';
import { dropFiles } from './support/add-files.ts';
import { cardOf, dialogOf, general, openModels, rowOf } from './support/models-page.ts';
import { BROWSER, expectAccessible, openPage, screenshot } from './support/open-page.ts';

describe.skipIf(!BROWSER)('a model in two files', { timeout: 240_000 }, () => {
  test('is chosen where it lies, and not made of one of them', async () => {
    const { page, web, root } = await openPage({ settings: { recipe: QUICK } });
    const network = divided(general(), () => 'General.onnx.data');
    await mkdir(join(root, 'nets'));
    await writeDivided(join(root, 'nets'), network, 'General.onnx');
    await writePicture(join(root, 'nets', 'top.png'));

    const folder = await temporaryFolder();
    const dropped = await writeDivided(folder, network, 'General.onnx');
    await dropFiles(page, dropped, join(folder, 'General.onnx.data'));
    const card = cardOf(page, 'General.onnx');
    await card.getByText(/"General\.onnx\.data", which did not come with it/).waitFor();
    await screenshot(page, 'models-divided-refused');
    await card.getByRole('button', { name: 'Dismiss' }).click();
    await page.keyboard.press('Escape');
    await dialogOf(page).waitFor({ state: 'detached' });

    await openModels(page);
    await screenshot(page, 'models-installed');
    await dialogOf(page).getByRole('button', { name: 'Browse root…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add from root' });
    await dialog.getByRole('button', { name: 'nets' }).click();
    await dialog.getByRole('button', { name: /General\.onnx/ }).click();
    await expectAccessible(page);
    await screenshot(page, 'models-browse');
    await dialog.getByRole('button', { name: 'Add 1 file' }).click();
    await card.getByRole('button', { name: 'Add this model' }).click();
    await rowOf(page, 'General').waitFor();
    expect(web.application.services.models.models.get('general')?.manifest).toMatchObject({ scale: 4 });
  });
});
