import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { childProcessHost } from '../src/main/engine/child-process-host.ts';
import { type RecipeChoice, recipeSchema } from '../src/shared/contract/recipe.ts';
import { type PictureOptions, writePicture } from '../tests/support/pictures.ts';
import { BROWSER, expectAccessible, type OpenPage, openPage, screenshot } from './support/open-page.ts';

/** What makes small pictures quick: nothing is measured first, and a session for small tiles warms up soon. */
const QUICK: RecipeChoice = { variant: 'fp32', tile: 32 };

const recipeOf = ({ web }: OpenPage) => web.application.services.settings.get().recipe;

/** A batch of these pictures, of the root's folder `trip`. */
async function makeBatch({ web, root }: OpenPage, pictures: Record<string, PictureOptions>): Promise<number> {
  for (const [name, options] of Object.entries(pictures)) await writePicture(join(root, name), options);
  const { id } = await web.application.create({
    inputs: [{ kind: 'path', path: '' }],
    out: { kind: 'kept' },
    recipe: recipeSchema.parse(QUICK),
  });
  return id;
}

/** As somebody would: it opens, and the option is clicked. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  // Its note is read with it.
  await page
    .getByRole('option')
    .filter({ hasText: new RegExp(`^${option}`) })
    .click();
  await page.getByRole('listbox').waitFor({ state: 'detached' });
}

const chosen = (page: Page, label: string) =>
  page.getByRole('combobox', { name: label, exact: true }).textContent();

async function reload(page: Page): Promise<void> {
  await page.reload();
  await page.getByRole('heading', { name: 'Recipe' }).waitFor();
}

describe.skipIf(!BROWSER)('the recipe', { timeout: 120_000 }, () => {
  test('what is chosen is written down, and there after a reload', async () => {
    const opened = await openPage();
    const { page } = opened;
    await expectAccessible(page);
    await page.getByRole('radio', { name: 'Photo ×4', exact: true }).check();
    await choose(page, 'Format', 'WebP');
    await page.getByText('×4 · WebP').waitFor();
    await page.getByRole('textbox', { name: 'Quality, as a number' }).fill('250');
    await page.keyboard.press('Enter');
    await page.getByRole('switch', { name: 'Leave out the place' }).click();
    await choose(page, 'Where a result is there already', 'Keep both, number the new one');
    await page.getByRole('button', { name: 'Advanced' }).click();
    await choose(page, 'Arithmetic', '32 bits');
    await page.getByRole('switch', { name: 'Folders inside folders' }).click();
    const wanted = { model: 'photo-x4', format: 'webp', quality: 100, removeGps: true };
    const more = { onCollision: 'number', variant: 'fp32', recursive: false };
    await expect.poll(() => recipeOf(opened)).toMatchObject({ ...wanted, ...more });
    await expectAccessible(page);

    await reload(page);
    await page.getByText('×4 · WebP').waitFor();
    expect(await page.getByRole('radio', { name: 'Photo ×4', exact: true }).isChecked()).toBe(true);
    expect(await page.getByRole('slider', { name: 'Quality' }).inputValue()).toBe('100');
    expect(await page.getByRole('switch', { name: 'Leave out the place' }).isChecked()).toBe(true);
    expect(await chosen(page, 'Where a result is there already')).toBe('Keep both, number the new one');

    await page.getByRole('button', { name: 'Use the default', exact: true }).click();
    await expect.poll(() => recipeOf(opened).quality).toBeUndefined();
    expect(await page.getByRole('slider', { name: 'Quality' }).inputValue()).toBe('90');
    await choose(page, 'Format', 'PNG');
    await page.getByRole('slider', { name: 'Quality' }).waitFor({ state: 'detached' });
  });

  test('a slider that is moved writes little, and its last step is what counts', async () => {
    const opened = await openPage();
    const { page, web } = opened;
    await choose(page, 'Format', 'JPEG');
    const written: unknown[] = [];
    web.application.services.settings.onChange(({ recipe }) => written.push(recipe.quality));
    const slider = page.getByRole('slider', { name: 'Quality' });
    await slider.focus();
    for (let step = 0; step < 12; step++) await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('textbox', { name: 'Quality, as a number' }).inputValue()).toBe('80');
    await expect.poll(() => recipeOf(opened).quality).toBe(80);
    expect(written.length).toBeLessThan(12);
    expect(written.at(-1)).toBe(80);
  });

  test('a name is shown as it will be, and one that cannot be says why and is not used', async () => {
    const opened = await openPage();
    const { page } = opened;
    await page.getByText('photo-x2.jpg').waitFor();
    await makeBatch(opened, { 'IMG 1.JPG': {} });
    await page.getByText('IMG 1-x2.JPG').waitFor();

    const name = page.getByRole('textbox', { name: 'Name of a result' });
    await name.fill('large ');
    await page.getByRole('button', { name: '{index}' }).click();
    await page.getByText('large 1.JPG').waitFor();
    expect(await name.inputValue()).toBe('large {index}');
    await expect.poll(() => recipeOf(opened).name).toBe('large {index}');

    await name.fill('{date} {name}');
    await page.getByText('{date} is not known. There are {name} {scale} {model} {ext} {index}.').waitFor();
    await page.getByText('Until then: large 1.JPG').waitFor();
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page);
    await screenshot(page, 'bad-name');
    await name.fill('prints/{name}');
    await page.getByText('A name cannot hold / or \\. Folders are chosen above.').waitFor();
    await name.fill('');
    await page.getByText('A name cannot be empty.').waitFor();
    await reload(page);
    expect(await name.inputValue()).toBe('large {index}');

    await page.getByRole('button', { name: 'Use the default name' }).click();
    await page.getByText('IMG 1-x2.JPG').waitFor();
    await choose(page, 'Format', 'TIFF');
    await page.getByText('IMG 1-x2.tif').waitFor();
    await page.getByRole('radio', { name: 'Photo ×4', exact: true }).check();
    await page.getByText('IMG 1-x4.tif').waitFor();
  });

  test('results go to a folder below the root, be it a new one, and the choice stays', async () => {
    const { page, root } = await openPage();
    expect(await chosen(page, 'Folder')).toBe('Keep for download');
    await choose(page, 'Folder', 'Choose a folder…');
    const dialog = page.getByRole('dialog', { name: 'Folder for results' });
    await dialog.getByText(root, { exact: true }).waitFor();
    await expectAccessible(page);
    const name = dialog.getByRole('textbox', { name: 'New folder in it (optional)' });
    await name.fill('../out');
    await dialog.getByText('cannot hold').waitFor();
    expect(await dialog.getByRole('button', { name: 'Use this folder' }).isDisabled()).toBe(true);
    await name.fill('large');
    await dialog.getByText(join(root, 'large'), { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Use this folder' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await chosen(page, 'Folder')).toBe(join(root, 'large'));

    await reload(page);
    expect(await chosen(page, 'Folder')).toBe(join(root, 'large'));
    await choose(page, 'Folder', 'Keep for download');
    await reload(page);
    expect(await chosen(page, 'Folder')).toBe('Keep for download');
  });
});

describe.skipIf(!BROWSER)('the page around', { timeout: 120_000 }, () => {
  test('settings hold at once and after a reload', async () => {
    const { page, web } = await openPage();
    const theme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await page.getByRole('button', { name: 'Settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByText('Your photographs never leave this machine.').waitFor();
    for (const [name, scheme] of [
      ['Dark', 'dark'],
      ['Light', 'light'],
    ] as const) {
      await dialog.getByRole('radio', { name }).check();
      expect(await theme()).toBe(scheme);
      await expectAccessible(page);
    }
    await dialog.getByRole('switch', { name: 'Start at once' }).click();
    await dialog.getByRole('switch', { name: 'Go on after a restart' }).click();
    const { settings } = web.application.services;
    await expect
      .poll(() => settings.get())
      .toMatchObject({ theme: 'light', startAtOnce: false, resumeAtStart: false });
    await reload(page);
    expect(await theme()).toBe('light');
  });

  test('keys do what they say, but not while something is typed or in a dialog', async () => {
    const { page } = await openPage();
    const recipe = page.getByRole('complementary', { name: 'Recipe' });
    const strip = page.getByRole('navigation', { name: 'Photographs' });
    await page.keyboard.press('r');
    await recipe.waitFor({ state: 'detached' });
    await page.keyboard.press('r');
    await recipe.waitFor();
    await page.keyboard.press('s');
    await strip.waitFor({ state: 'detached' });
    await page.keyboard.press('s');
    await page.getByRole('textbox', { name: 'Name of a result' }).fill('');
    await page.keyboard.type('srm');
    expect([await strip.isVisible(), await recipe.isVisible()]).toEqual([true, true]);
    await page.getByRole('button', { name: 'Use the default name' }).click();

    await page.getByRole('button', { name: 'Settings' }).focus();
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await list.getByText('See the original while held').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('s');
    expect(await page.getByRole('navigation', { name: 'Photographs', includeHidden: true }).count()).toBe(1);
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    expect(await strip.count()).toBe(1);
  });

  test('the bar says how far everything is, pauses it and lets it go on', async () => {
    const opened = await openPage();
    const { page, web } = opened;
    const pictures = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`${index}.png`, { width: 320, height: 240, seed: index }]),
    );
    const id = await makeBatch(opened, pictures);
    const bar = page.getByRole('banner');
    await bar.getByText(/^\d+ of 12/).waitFor();
    await bar.getByRole('button', { name: 'Pause everything' }).click();
    await bar.getByText(/^\d+ of 12 · Paused$/).waitFor();
    expect(await bar.getByRole('progressbar', { name: 'Progress' }).count()).toBe(1);
    await expectAccessible(page);
    expect((await web.application.services.jobs.batch(id)).state).toBe('paused');
    await bar.getByRole('button', { name: 'Resume everything' }).click();
    await bar.getByText(/ of 12/).waitFor({ state: 'detached' });
    expect((await web.application.services.jobs.batch(id)).files).toMatchObject({ done: 12, queued: 0 });
  });

  test('messages are said until they are dismissed', async () => {
    const { page, web } = await openPage();
    web.application.services.events.notice('Something was set aside.');
    web.application.services.events.notice('Something else was, too.');
    const messages = page.getByRole('status', { name: 'Messages' });
    await messages.getByText('Something else was, too.').waitFor();
    await messages.getByText('1 more message').waitFor();
    await expectAccessible(page);
    await messages.getByRole('button', { name: 'Dismiss' }).click();
    await messages.getByText('Something was set aside.').waitFor();
    await messages.getByRole('button', { name: 'Dismiss' }).click();
    await page.waitForFunction(() => !document.body.textContent?.includes('set aside'));
    await reload(page);
    web.application.services.events.notice('Something new.');
    await messages.getByText('Something new.').waitFor();
    expect(await messages.getByText('more message').count()).toBe(0);
  });

  test('does what the menu of the window asks for', async () => {
    const { page, web } = await openPage();
    const { events } = web.application.services;
    // Commands are for the pages that listen at that moment.
    await expect.poll(() => events.readers).toBe(1);
    events.command('settings');
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  });

  test('an engine that does not start is said, and can be tried again', async () => {
    const entry = new URL('../tests/main/engine/supervisor/fixtures/ends-at-once.ts', import.meta.url);
    const { page } = await openPage({ host: childProcessHost(entry, { quiet: true }) });
    const messages = page.getByRole('status', { name: 'Messages' });
    await messages.getByText('The engine has stopped').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'broken');
    await messages.getByRole('button', { name: 'Try again' }).click();
    await messages.getByText('The engine has stopped').waitFor({ state: 'detached' });
    await messages.getByText('The engine has stopped').waitFor();
  });

  test('panels that were closed stay closed', async () => {
    const { page } = await openPage();
    await page.getByRole('button', { name: 'Show the photographs' }).click();
    await page.getByRole('navigation', { name: 'Photographs' }).waitFor({ state: 'detached' });
    await reload(page);
    expect(await page.getByRole('navigation', { name: 'Photographs' }).count()).toBe(0);
  });

  test('a lost line is said, and the page goes on by itself once it is back', async () => {
    const { page } = await openPage();
    let cut: () => Promise<void> = async () => {};
    let dead = false;
    await page.routeWebSocket(/\/line$/, (socket) => {
      // What is dead takes the connection and says nothing.
      if (!dead) socket.connectToServer();
      cut = () => socket.close();
    });
    await reload(page);
    dead = true;
    await cut();
    const messages = page.getByRole('status', { name: 'Messages' });
    await messages.getByText('Enlarger does not answer.').waitFor();
    await expectAccessible(page);
    dead = false;
    await cut();
    await messages.getByText('Enlarger does not answer.').waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'Photo ×4', exact: true }).check();
    await page.getByText('×4 ·').waitFor();
  });
});
