import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { recipeSchema } from '../src/shared/contract/recipe.ts';
import { QUICK } from '../tests/main/shells/web-page.ts';
import { ranged } from '../tests/support/networks/boundaries.ts';
import { temporaryFolder, writePicture } from '../tests/support/pictures.ts';
import { dropFiles, pasteFiles } from './support/add-files.ts';
import {
  type AddedModel,
  cardOf,
  classifier,
  dialogOf,
  fileOf,
  focused,
  general,
  openModels,
  openWith,
  rowOf,
} from './support/models-page.ts';
import { BROWSER, expectAccessible, type OpenPage, openPage, screenshot } from './support/open-page.ts';

/** Asks for a model to be removed, and says yes. */
async function remove(page: Page, title: string): Promise<void> {
  await rowOf(page, title)
    .getByRole('button', { name: `Remove ${title}` })
    .click();
  const confirm = page.getByRole('alertdialog', { name: `Remove ${title}?` });
  await confirm.getByText('The recipe uses it').waitFor();
  await expectAccessible(page);
  await confirm.getByRole('button', { name: 'Remove', exact: true }).click();
}

/** A batch that is paused before it begins: another one is before it. */
async function batchWaiting({ web, root }: OpenPage, model: string): Promise<number> {
  for (let seed = 0; seed < 6; seed++) {
    await writePicture(join(root, `${seed}.png`), { width: 320, height: 240, seed });
  }
  const { application } = web;
  const [first, second] = [QUICK, { ...QUICK, model }].map((recipe) =>
    application.create({
      inputs: [{ kind: 'path', path: '' }],
      out: { kind: 'kept' },
      recipe: recipeSchema.parse(recipe),
    }),
  );
  const { queue } = application.services;
  const id = (await second)?.id ?? 0;
  await queue.pause(id);
  await queue.cancel((await first)?.id ?? 0);
  return id;
}

const MIXED: readonly AddedModel[] = [
  { id: 'wide', title: 'Wide ×2', scale: 2, description: 'Two times larger, for tests.' },
  { id: 'clean', title: 'Clean up', task: 'restore', description: 'Takes noise away.', exact: false },
  {
    id: 'soft',
    title: 'Soften',
    task: 'restore',
    description: 'As strongly as you like.',
    strength: { input: 'strength', dtype: 'float32', dims: [1], from: 0, to: 1, default: 0.5 },
  },
  { id: 'faces', title: 'Faces', task: 'face-restore', description: 'Restores faces.' },
];

describe.skipIf(!BROWSER)('models of its user', { timeout: 240_000 }, () => {
  test('what is dropped is examined, asked about, added, enlarged with, and removed', async () => {
    const opened = await openPage({ settings: { recipe: QUICK } });
    const { page, web } = opened;
    const { models, settings, jobs, queue } = web.application.services;
    await dropFiles(page, await fileOf('General_x4v3.onnx', general()));
    const dialog = dialogOf(page);
    const card = cardOf(page, 'General_x4v3.onnx');
    await card.getByText('Being examined').waitFor();
    await expectAccessible(page);
    await card.getByRole('button', { name: 'Add this model' }).waitFor();
    const found = card.locator('dl');
    await found.getByText('Enlarges ×4').waitFor();
    await found.getByText('0 to 1').waitFor();
    await found.getByText(/256 × 256 pixels, with \d+ around them/).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'found');

    // What is said is shown at once, and is what counts.
    await card.getByRole('radio', { name: '-1 for black, 1 for white' }).check();
    await found.getByText('-1 to 1').waitFor();
    await card.getByRole('radio', { name: '0 for black, 1 for white' }).check();
    await card.getByRole('radio', { name: /the other way round/ }).check();
    await card.getByRole('textbox', { name: 'Title' }).fill('');
    await card.getByText('A model needs a title.').waitFor();
    expect(await card.getByRole('button', { name: 'Add this model' }).isDisabled()).toBe(true);
    await card.getByRole('textbox', { name: 'Title' }).fill('My general ×4');
    await card.getByRole('textbox', { name: 'Licence' }).fill('BSD-3-Clause');
    await card.getByRole('button', { name: 'Add this model' }).click();
    const added = cardOf(page, 'My general ×4 was added, and can be chosen in the recipe.');
    await added.waitFor();
    await rowOf(page, 'My general ×4').getByText('Licence: BSD-3-Clause · From: General_x4v3.onnx').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'added');
    expect(models.models.get('general-x4v3')?.manifest).toMatchObject({
      ...{ title: 'My general ×4', licence: 'BSD-3-Clause', scale: 4, strength: { from: 1, to: 0 } },
    });

    // The button that is focused is the next thing to do.
    await page.keyboard.press('Enter');
    await rowOf(page, 'My general ×4').getByText('In the recipe').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    const slider = page.getByRole('slider', { name: 'Strength' });
    expect(await slider.getAttribute('aria-valuetext')).toBe('50%');
    await slider.focus();
    for (let step = 0; step < 20; step++) await page.keyboard.press('ArrowLeft');
    await page.getByRole('textbox', { name: 'Strength, in per cent' }).fill('25');
    await page.keyboard.press('Enter');
    expect(await slider.getAttribute('aria-valuetext')).toBe('25%');
    await expectAccessible(page);
    await screenshot(page, 'strength');

    const folder = await temporaryFolder();
    await dropFiles(page, await writePicture(join(folder, 'one.png')));
    await page.getByRole('row', { name: /one\.png.*Done.*37×29 → 148×116/ }).waitFor();
    const [batch] = await jobs.batches({});
    expect(batch?.recipe).toMatchObject({ model: 'general-x4v3', strength: 0.25 });
    await screenshot(page, 'enlarged');

    // Another model has a strength of its own, or none.
    await page.getByRole('radio', { name: 'Photo ×2', exact: true }).check();
    await slider.waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'My general ×4' }).check();
    expect(await slider.getAttribute('aria-valuetext')).toBe('50%');

    // As long as a batch needs it, it stays.
    const waiting = await batchWaiting(opened, 'general-x4v3');
    await openModels(page);
    await remove(page, 'My general ×4');
    await page.getByText(/Model 'general-x4v3' is needed by batch \d+/).waitFor();
    await expectAccessible(page);
    await rowOf(page, 'My general ×4').waitFor();
    await queue.cancel(waiting);
    await remove(page, 'My general ×4');
    await rowOf(page, 'My general ×4').waitFor({ state: 'detached' });
    await page.getByText('My general ×4 was removed.').waitFor();
    await rowOf(page, 'Photo ×2').getByText('In the recipe').waitFor();
    expect(settings.get().recipe.model).toBe('photo-x2');
    expect(models.models.has('general-x4v3')).toBe(false);
  });

  test('what cannot be a model is refused with its reasons in full, and nothing is left of it', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK }, uploads: { bytesPerModel: 50_000 } });
    const large = Buffer.alloc(90_000);
    await dropFiles(
      page,
      await fileOf('notes.onnx', 'Buy milk.'),
      await fileOf('kinds.onnx', classifier()),
      await fileOf('empty.onnx', ''),
      await fileOf('large.onnx', large),
    );
    for (const [name, reason] of [
      ['notes.onnx', /\. .+/],
      ['kinds.onnx', /this is not a model that Enlarger can use \(.+\)\. .+/i],
      ['empty.onnx', 'The file is empty.'],
      ['large.onnx', 'It has 90 kB; a model can have at most 50 kB.'],
    ] as const) {
      await cardOf(page, name).getByText('Cannot be added').waitFor();
      await cardOf(page, name).getByText(reason).waitFor();
    }
    await expectAccessible(page);
    await screenshot(page, 'refused');
    expect(await cardOf(page, 'empty.onnx').getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await cardOf(page, 'kinds.onnx').getByRole('button', { name: 'Try again' }).click();
    await cardOf(page, 'kinds.onnx').getByText('Being examined').waitFor();
    await cardOf(page, 'kinds.onnx').getByText('Cannot be added').waitFor();
    for (const name of ['notes.onnx', 'kinds.onnx', 'empty.onnx', 'large.onnx']) {
      await cardOf(page, name).getByRole('button', { name: 'Dismiss' }).click();
    }
    await expect.poll(() => web.application.services.places.uploads?.bytes).toBe(0);
    expect(await dialogOf(page).getByRole('region').count()).toBe(0);
  });

  test('several files come one after the other, beside pictures, and can be stopped', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK, startAtOnce: false } });
    // As long as the first has not arrived, nothing is done with the others.
    await page.route('**/upload?name=First.onnx', () => {}, { times: 1 });
    const dialog = await openModels(page);
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      dialog.getByRole('button', { name: 'Add a model…' }).click(),
    ]);
    const first = await fileOf('First.onnx', ranged(0, 1));
    await chooser.setFiles([first, await fileOf('Second.onnx', general())]);
    await cardOf(page, 'First.onnx').getByText('On its way: 0%').waitFor();
    await cardOf(page, 'Second.onnx').getByText('Waits until the one before is done.').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'waiting');
    await cardOf(page, 'First.onnx').getByRole('button', { name: 'Stop' }).click();
    await cardOf(page, 'First.onnx').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');

    // What goes on while nobody looks is told.
    await page.getByText('Second.onnx has been examined and can be added: open Models.').waitFor();
    const folder = await temporaryFolder();
    await pasteFiles(page, first, await writePicture(join(folder, 'one.png')));
    const rows = page.getByRole('row', { includeHidden: true });
    await expect.poll(() => rows.filter({ hasText: 'one.png' }).count()).toBe(1);
    expect(await rows.filter({ hasText: 'First' }).count()).toBe(0);
    await cardOf(page, 'First.onnx').getByRole('button', { name: 'Add this model' }).click();
    await cardOf(page, /^First was added/).waitFor();
    await cardOf(page, 'Second.onnx').getByRole('button', { name: 'Do not add' }).click();
    await cardOf(page, 'Second.onnx').waitFor({ state: 'detached' });

    await dropFiles(page, first);
    await cardOf(page, 'First.onnx').getByText("Is here already, as the model 'first'.").waitFor();
    expect([...web.application.services.models.models.keys()].sort()).toEqual([
      'first',
      'photo-x2',
      'photo-x2-restore',
      'photo-x4',
      'photo-x4-restore',
      'restore-x1',
    ]);
  });

  test('a model can be called and run otherwise, but only so that it works', async () => {
    const other: AddedModel = { id: 'bytes', title: 'Bytes ×2', scale: 2, dtype: 'uint8' };
    const { page, web } = await openWith([...MIXED, other]);
    const { models } = web.application.services;
    const dialog = await openModels(page);
    expect(
      await rowOf(page, 'Photo ×2')
        .getByRole('button', { name: /^(Edit|Remove)/ })
        .count(),
    ).toBe(0);
    await rowOf(page, 'Soften').getByRole('button', { name: 'Edit Soften' }).click();
    await rowOf(page, 'Soften').getByRole('textbox', { name: 'Title' }).fill('  Softer ');
    await rowOf(page, 'Soften').getByRole('textbox', { name: 'Licence' }).fill('');
    await rowOf(page, 'Soften').getByRole('slider', { name: 'Strength where nobody' }).fill('80');
    await expectAccessible(page);
    await screenshot(page, 'edit');
    await page.keyboard.press('Enter');
    await rowOf(page, 'Softer').getByText('Licence: unknown').waitFor();
    expect(models.models.get('soft')?.manifest).toMatchObject({
      ...{ title: 'Softer', licence: 'unknown', strength: { default: 0.8 } },
    });
    await expect.poll(() => focused(page)).toBe('Edit Softer');
    await dialog.getByText('Restores faces; not used yet').waitFor();

    // What is refused is said, and stays as it was written.
    const bytes = rowOf(page, 'Bytes ×2');
    await bytes.getByRole('button', { name: 'Edit Bytes ×2' }).click();
    await bytes.getByRole('combobox', { name: 'Values that it takes' }).click();
    await page.getByRole('option', { name: '−1 to 1' }).click();
    await bytes.getByRole('button', { name: 'Save' }).click();
    await bytes.getByRole('alert').getByText("'range' cannot be set").waitFor();
    expect(await bytes.getByRole('combobox', { name: 'Values that it takes' }).textContent()).toBe('−1 to 1');
    await expectAccessible(page);
    await screenshot(page, 'edit-refused');
    await bytes.getByRole('button', { name: 'Cancel' }).click();
    await bytes.getByRole('textbox').first().waitFor({ state: 'detached' });
  });

  test('models stand by what they do, and those for faces are not offered', async () => {
    const { page } = await openWith(MIXED);
    const recipe = page.getByRole('complementary', { name: 'Recipe' });
    const group = (name: string) => recipe.getByRole('group', { name, exact: true });
    const titles = (name: string) =>
      group(name)
        .getByRole('radio')
        .evaluateAll((radios) =>
          radios.map(
            (radio) => document.getElementById(radio.getAttribute('aria-labelledby') ?? '')?.textContent,
          ),
        );
    await expect.poll(() => titles('Enlarge ×2')).toEqual(['Photo ×2', 'Photo ×2, restoring', 'Wide ×2']);
    expect(await titles('Enlarge ×4')).toEqual(['Photo ×4', 'Photo ×4, restoring']);
    expect(await titles('Restore')).toEqual(['Restore', 'Clean up', 'Soften']);
    await group('Restore').getByRole('radio', { name: 'Clean up' }).check();
    await recipe.getByText('same size · format of the source').waitFor();
    await screenshot(page, 'groups');
    await expectAccessible(page);
    const folder = await temporaryFolder();
    await dropFiles(page, await writePicture(join(folder, 'one.png')));
    await page.getByRole('row', { name: /one\.png.*Done.*37×29(?! →)/ }).waitFor();
    await page.getByText('Restored 37×29').waitFor();
    await screenshot(page, 'restored');
    await openModels(page);
    await rowOf(page, 'Clean up')
      .getByText(/^Tiles are blended where they meet/)
      .waitFor();
    await screenshot(page, 'installed');
  });

  test('many models are shown briefly, in light surroundings and in little room', async () => {
    const many: AddedModel[] = Array.from({ length: 9 }, (_, index) => ({
      id: `many-${index}`,
      title: `A model with a rather long name, the ${index + 1}th of many`,
      description: 'What it is good for takes a line or two, which is too much of it nine times.',
      scale: [1, 2, 4][index % 3] ?? 1,
      licence: 'CC-BY-NC-SA-4.0',
      source: 'https://models.example/a/rather/long/address/of/a/model.onnx',
    }));
    const { page } = await openWith([...many, ...MIXED], { theme: 'light' });
    await page.setViewportSize({ width: 1024, height: 700 });
    const recipe = page.getByRole('complementary', { name: 'Recipe' });
    await recipe.getByRole('radio', { name: /the 2th/ }).check();
    expect(await recipe.getByText('What it is good for takes').filter({ visible: true }).count()).toBe(1);
    await expectAccessible(page);
    await screenshot(page, 'narrow-recipe');
    await openModels(page);
    await expectAccessible(page);
    await screenshot(page, 'narrow-installed');
    await dropFiles(
      page,
      await fileOf('General_x4v3.onnx', general()),
      await fileOf('no.onnx', classifier()),
    );
    await cardOf(page, 'General_x4v3.onnx').getByRole('button', { name: 'Add this model' }).waitFor();
    await cardOf(page, 'no.onnx').getByText('Cannot be added').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'narrow-found');
    await dialogOf(page).getByRole('tab', { name: 'Catalogue' }).click();
    await dialogOf(page)
      .getByRole('button', { name: /^Download / })
      .nth(1)
      .click();
    await expectAccessible(page);
    await screenshot(page, 'narrow-catalogue');
  });
});
