import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { recipeSchema } from '../src/shared/contract/recipe.ts';
import { QUICK } from '../tests/main/shells/web-page.ts';
import { writePicture } from '../tests/support/pictures.ts';
import { unzipped } from '../tests/support/unzipped.ts';
import { BROWSER, expectAccessible, type OpenPage, openPage, screenshot } from './support/open-page.ts';

const PICTURES = ['trip/a.png', 'trip/day 1/Zoë.png', 'trip/day 1/c.jpg'];

/** The page with a batch that is done, and its results by their names below its folder. */
async function openResults(): Promise<
  OpenPage & { results: Record<string, Buffer>; targets: string[]; batchId: number }
> {
  const opened = await openPage();
  const { page, root, web } = opened;
  for (const name of PICTURES) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writePicture(join(root, name));
  }
  const { jobs } = web.application.services;
  const { id, out } = await web.application.create({
    inputs: [{ kind: 'path', path: 'trip' }],
    out: { kind: 'kept' },
    recipe: recipeSchema.parse(QUICK),
  });
  await page.getByText('3 of 3').first().waitFor();
  const targets = (await jobs.files(id)).flatMap(({ result }) => (result ? [result.target] : []));
  const pairs = targets.map(async (target) => [relative(out, target), await readFile(target)] as const);
  return { ...opened, targets, batchId: id, results: Object.fromEntries(await Promise.all(pairs)) };
}

async function openDialog(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Export results' }).click();
  await page.getByRole('dialog', { name: 'Export results' }).waitFor();
}

const choose = (page: Page, name: string | RegExp) =>
  page.getByRole('radio', { name }).check({ force: true });
const rows = (page: Page) => page.getByRole('region', { name: 'Exports' }).getByRole('listitem');

/** Every file below `folder`, by name. */
async function filesBelow(folder: string): Promise<Record<string, Buffer>> {
  const names = await readdir(folder, { recursive: true });
  const files: Record<string, Buffer> = {};
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files[name] = await readFile(path);
  }
  return files;
}

describe.skipIf(!BROWSER)('the export dialog', () => {
  test('copies results into a folder, byte for byte, and obeys what is said of files there', {
    timeout: 90_000,
  }, async () => {
    const { page, root, results } = await openResults();
    await openDialog(page);
    await choose(page, 'All in the list (3)');
    await choose(page, 'Files');
    expect(await page.getByRole('button', { name: 'Export 3 results' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Choose a folder…' }).click();
    await page.getByRole('textbox', { name: 'New folder' }).fill('prints');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Use this folder' }).click();
    await page.getByText(join(root, 'prints')).waitFor();
    const start = page.getByRole('button', { name: 'Export 3 results' });
    await start.click();
    await page.getByText('3 results exported.').waitFor();
    expect(await filesBelow(join(root, 'prints'))).toEqual(results);

    await page.getByRole('combobox', { name: 'Where a file is there already' }).click();
    await page.getByRole('option', { name: 'Leave it, copy nothing' }).click();
    await start.click();
    await rows(page).getByText('0 results exported. 3 were there already.').waitFor();
    expect(Object.keys(await filesBelow(join(root, 'prints')))).toHaveLength(3);
    await expectAccessible(page);
    await screenshot(page, 'export-folder');

    await choose(page, 'ZIP in a folder');
    await page.getByRole('textbox', { name: 'Name of the ZIP' }).fill('Holidays');
    await start.click();
    await page.getByText(join(root, 'prints', 'Holidays.zip')).waitFor();
    await rows(page).filter({ hasText: 'Holidays.zip' }).getByText('3 results exported.').waitFor();
    expect(await unzipped(await readFile(join(root, 'prints', 'Holidays.zip')))).toEqual(results);

    await rows(page).first().getByRole('button', { name: 'Take out of this list' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    expect(focused).toBe('Export results');
  });

  test('downloads one ZIP of what is selected, and tells what is gone', { timeout: 90_000 }, async () => {
    const { page, results, targets } = await openResults();
    const download = async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /^Download \d results?$/ }).click(),
      ]);
      return unzipped(await readFile(await file.path()));
    };
    await openDialog(page);
    await choose(page, 'All in the list (3)');
    expect(await download()).toEqual(
      Object.fromEntries(Object.entries(results).map(([name, bytes]) => [name.normalize('NFC'), bytes])),
    );
    await page.getByText('3 results exported.').waitFor();

    const [gone = ''] = targets;
    await rm(gone);
    expect(Object.keys(await download())).toHaveLength(2);
    await rows(page).getByText('2 results exported.').waitFor();
    await rows(page).getByText('1 could not be exported').waitFor();
    await rows(page).getByText(gone).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'export-problem');
    await page.keyboard.press('Escape');

    await page.getByRole('gridcell').or(page.getByRole('row')).filter({ hasText: 'c.jpg' }).first().click();
    await openDialog(page);
    await page.getByRole('radio', { name: 'Selected (1)' }).waitFor();
    expect(Object.keys(await download())).toEqual(['day 1/c-x2.jpg']);
  });

  test('goes on behind the page, and is cancelled', { timeout: 90_000 }, async () => {
    const { page, web, batchId } = await openResults();
    await openDialog(page);
    // Another page has begun it, and does not fetch it: it stays where it is.
    const begin = () =>
      web.application.services.exports.create({
        what: { kind: 'batches', batchIds: [batchId] },
        to: { kind: 'download' },
      });
    await begin();
    await page.getByRole('progressbar', { name: 'Progress of the export' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    const chip = page.getByRole('button', { name: 'Exporting, 0% done' });
    await chip.waitFor();
    await screenshot(page, 'export-chip');
    await chip.click();
    await page.getByRole('button', { name: 'Cancel this export' }).click();
    await rows(page).getByText('Cancelled after 0 of 3.').waitFor();
    await page.keyboard.press('Escape');
    await chip.waitFor({ state: 'detached' });

    const { id } = await begin();
    await chip.waitFor();
    const answer = await page.request.get(`${web.origin}/media/export?id=${id}`);
    expect(Object.keys(await unzipped(await answer.body()))).toHaveLength(3);
    await page.getByRole('dialog').getByText('3 results exported.').waitFor();
    // The tip of the button that the focus has come back to.
    await page.locator(':focus').blur();
    await page.getByText('Export results', { exact: true }).waitFor({ state: 'detached' });
    await screenshot(page, 'export-toast');
    await expectAccessible(page);
  });

  test('has nothing to offer before there is a result', { timeout: 60_000 }, async () => {
    const { page } = await openPage();
    await openDialog(page);
    await page.getByText('There is no result in the list yet.').waitFor();
    expect(await page.getByRole('button', { name: 'Download 0 results' }).isDisabled()).toBe(true);
    await expectAccessible(page);
  });
});
