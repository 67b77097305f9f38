import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import type { Out } from '../src/shared/contract/input.ts';
import { type RecipeChoice, recipeSchema } from '../src/shared/contract/recipe.ts';
import { writePicture } from '../tests/support/pictures.ts';
import { BROWSER, expectAccessible, type OpenPage, openPage, screenshot } from './support/open-page.ts';

/** What makes small pictures quick: nothing is measured first, and a session for small tiles warms up soon. */
const QUICK: RecipeChoice = { variant: 'fp32', tile: 32 };

/** A batch of one small picture of this name; resolves once it has ended. */
async function enlarge({ web, root }: OpenPage, name: string, out: Out): Promise<number> {
  await writePicture(join(root, name));
  return runBatch(web, name, out);
}

async function runBatch(web: OpenPage['web'], name: string, out: Out): Promise<number> {
  const { id } = await web.application.create({
    inputs: [{ kind: 'path', path: name }],
    out,
    recipe: recipeSchema.parse(QUICK),
  });
  await expect
    .poll(async () => (await web.application.services.jobs.batch(id)).endedAt, { timeout: 30_000 })
    .not.toBeNull();
  return id;
}

const openHistory = async (page: Page) => {
  await page.getByRole('button', { name: 'History' }).click();
  const dialog = page.getByRole('dialog', { name: 'History' });
  await dialog.waitFor();
  return dialog;
};

describe.skipIf(!BROWSER)('the history', { timeout: 120_000 }, () => {
  test('finds batches, shows them in the list and hides them', async () => {
    const opened = await openPage();
    const { page } = opened;
    await enlarge(opened, 'harbour.png', { kind: 'path', path: 'prints' });
    await enlarge(opened, 'meadow.png', { kind: 'kept' });
    await page.reload();
    const dialog = await openHistory(page);
    const rows = dialog.getByRole('listitem');
    await rows.filter({ hasText: 'harbour.png' }).getByText('1 done').waitFor();
    await rows.filter({ hasText: 'meadow.png' }).getByText('Kept by Enlarger').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'history');

    const search = dialog.getByRole('searchbox', { name: 'Search by title or folder' });
    await search.fill('PRINTS');
    await rows.filter({ hasText: 'meadow.png' }).waitFor({ state: 'detached' });
    expect(await rows.count()).toBe(1);
    await search.fill('mountains');
    await dialog.getByText('No batch has “mountains” in its title or folder.').waitFor();
    await expectAccessible(page);
    await search.fill('');

    const harbour = rows.filter({ hasText: 'harbour.png' });
    const listed = page.getByRole('navigation', { name: 'Photographs', includeHidden: true });
    await harbour.getByRole('button', { name: 'Show in the list' }).click();
    await harbour.getByRole('button', { name: 'Hide from the list' }).waitFor();
    await listed.getByText('harbour.png').first().waitFor();
    await harbour.getByRole('button', { name: 'Hide from the list' }).click();
    await listed.getByText('harbour.png').first().waitFor({ state: 'detached' });
  });

  test('clearing says what goes and what stays, and does only that', async () => {
    const opened = await openPage();
    const { page, web } = opened;
    const { jobs } = web.application.services;
    const saved = await enlarge(opened, 'harbour.png', { kind: 'path', path: 'prints' });
    const kept = await enlarge(opened, 'meadow.png', { kind: 'kept' });
    const dialog = await openHistory(page);
    const rows = dialog.getByRole('listitem');
    const question = page.getByRole('alertdialog');

    await rows.filter({ hasText: 'meadow.png' }).getByRole('button', { name: 'Clear…' }).click();
    await question.getByText('1 result that only Enlarger keeps is deleted.').waitFor();
    await expectAccessible(page);
    await screenshot(page, 'clear');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect((await jobs.batches({})).map(({ id }) => id)).toEqual([kept, saved]);

    const { out } = await jobs.batch(saved);
    await rows.filter({ hasText: 'harbour.png' }).getByRole('button', { name: 'Clear…' }).click();
    await question.getByText(`Results in ${out} stay there.`).waitFor();
    await question.getByRole('button', { name: 'Clear', exact: true }).click();
    await rows.filter({ hasText: 'harbour.png' }).waitFor({ state: 'detached' });
    expect((await jobs.batches({})).map(({ id }) => id)).toEqual([kept]);

    await dialog.getByRole('button', { name: 'Clear all that have ended…' }).click();
    await question.getByText('Results in folders of yours stay there.').waitFor();
    await question.getByRole('button', { name: 'Clear', exact: true }).click();
    await dialog.getByText('Nothing has been enlarged yet.').waitFor();
    expect(await jobs.batches({})).toEqual([]);
  });

  test('results come as a ZIP, and what failed is tried again', async () => {
    const opened = await openPage();
    const { page, root, web } = opened;
    await enlarge(opened, 'meadow.png', { kind: 'kept' });
    await writeFile(join(root, 'broken.jpg'), 'no picture');
    await runBatch(web, 'broken.jpg', { kind: 'kept' });
    // The half of it can be planned with, but not read.
    const whole = await readFile(await writePicture(join(root, 'half.png'), { width: 200, height: 150 }));
    await writeFile(join(root, 'half.png'), whole.subarray(0, whole.length / 2));
    const failing = await runBatch(web, 'half.png', { kind: 'kept' });
    const dialog = await openHistory(page);
    const rows = dialog.getByRole('listitem');

    const download = page.waitForEvent('download');
    await rows
      .filter({ hasText: 'meadow.png' })
      .getByRole('button', { name: 'Download 1 result as a ZIP' })
      .click();
    expect((await download).suggestedFilename()).toMatch(/\.zip$/);

    const broken = rows.filter({ hasText: 'broken.jpg' });
    await broken.getByText('1 failed').waitFor();
    await broken.getByRole('button', { name: 'Try 1 failed photograph again' }).click();
    await page.getByText('None of them can be tried again').waitFor();

    const half = rows.filter({ hasText: 'half.png' });
    await half.getByText('1 failed').waitFor();
    await half.getByRole('button', { name: 'Try 1 failed photograph again' }).click();
    const attempts = async () => {
      const [file] = await web.application.services.jobs.files(failing, {});
      return [file?.state, file?.attempts, file?.reason];
    };
    await expect.poll(attempts).toEqual(['failed', 2, expect.stringContaining('half.png')]);
    await half.getByText('1 failed').waitFor();
    await expectAccessible(page);
  });

  test('what is earlier comes when it is asked for', async () => {
    const opened = await openPage();
    const { page, web } = opened;
    const { jobs } = web.application.services;
    for (let number = 1; number <= 60; number++) {
      const out = join(opened.root, 'out');
      const draft = await jobs.draftBatch({ title: `Roll ${number}`, recipe: {}, out, shell: 'web' });
      await jobs.addDraft(draft);
    }
    await page.reload();
    const dialog = await openHistory(page);
    const rows = dialog.getByRole('listitem');
    await rows.filter({ hasText: 'Roll 60' }).waitFor();
    expect(await rows.count()).toBe(50);
    await dialog.getByRole('button', { name: 'Show earlier ones' }).click();
    await rows.filter({ hasText: /^Roll 1\D/ }).waitFor();
    expect(await rows.count()).toBe(60);
    await dialog.getByRole('button', { name: 'Show earlier ones' }).waitFor({ state: 'detached' });
  });
});
