import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { requestSchema } from '../src/shared/contract/batches.ts';
import { QUICK } from '../tests/main/shells/web-page.ts';
import { cutShort, writePicture } from '../tests/support/pictures.ts';
import { BROWSER, expectAccessible, type OpenPage, openPage, screenshot } from './support/open-page.ts';

const NAMES = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png'];
/** The row of a photograph: headings cannot be selected. */
const row = (page: Page, name: RegExp) =>
  page.getByRole('row', { name }).and(page.locator('[aria-selected]'));
const filter = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** A batch of five small pictures in the strip, paused before any of it was done. */
async function openPaused(): Promise<OpenPage & { batchId: number }> {
  const opened = await openPage({ settings: { recipe: QUICK } });
  const { web, page, root } = opened;
  for (const [seed, name] of NAMES.entries()) await writePicture(join(root, name), { seed });
  const inputs = NAMES.map((path) => ({ kind: 'path' as const, path }));
  const request = requestSchema.parse({ inputs, out: { kind: 'kept' }, recipe: QUICK });
  const { id: batchId } = await web.application.create(request);
  await web.application.services.queue.pause(batchId);
  await filter(page, 'Waiting 5').waitFor();
  await page.getByText(/0 of 5 · paused/).waitFor();
  return { ...opened, batchId };
}

/** Names of the selected photographs; the one that is looked at has a star. */
async function selected(page: Page): Promise<string[]> {
  return page.locator('[role=row][aria-selected=true]').evaluateAll((rows) =>
    rows.map((each) => {
      const name = /[a-z]\.png/.exec(each.textContent ?? '')?.[0] ?? '';
      return each.hasAttribute('aria-current') ? `${name}*` : name;
    }),
  );
}

async function batchMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^Batch .*what to do with it$/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

describe.skipIf(!BROWSER)('the strip', () => {
  it('selects by mouse and keyboard', async () => {
    const { page } = await openPaused();
    await row(page, /b\.png/).click();
    expect(await selected(page)).toEqual(['b.png*']);
    await row(page, /d\.png/).click({ modifiers: ['Shift'] });
    expect(await selected(page)).toEqual(['b.png', 'c.png', 'd.png*']);
    await row(page, /c\.png/).click({ modifiers: ['ControlOrMeta'] });
    expect(await selected(page)).toEqual(['b.png', 'd.png*']);
    await page.getByRole('toolbar', { name: 'What to do with the selected photographs' }).waitFor();
    await expectAccessible(page);

    await page.keyboard.press('ArrowUp');
    expect(await selected(page)).toEqual(['c.png*']);
    await page.keyboard.press('Home');
    expect(await selected(page)).toEqual(['a.png*']);
    await page.keyboard.press('Shift+End');
    expect(await selected(page)).toEqual(['a.png', 'b.png', 'c.png', 'd.png', 'e.png*']);
    await page.keyboard.press('Shift+ArrowUp');
    expect(await selected(page)).toEqual(['a.png', 'b.png', 'c.png', 'd.png*']);
    await page.keyboard.press('ControlOrMeta+a');
    expect(await selected(page)).toHaveLength(5);
    const active = await page.getByRole('grid').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).textContent()).toMatch(/d\.png/);
    await screenshot(page, 'strip-selected');
  });

  it('pauses and resumes files and batches, and says how much is done', async () => {
    const { page } = await openPaused();
    await row(page, /a\.png/).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Pause' }).click();
    await row(page, /a\.png.*Paused/).waitFor();
    await expectAccessible(page);

    await batchMenu(page, 'Resume');
    await filter(page, 'Done 4').waitFor();
    await row(page, /a\.png.*Paused/).waitFor();
    await page.getByText(/^4 of 5 done$/).waitFor({ state: 'attached' });

    await row(page, /a\.png/).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Resume' }).click();
    await row(page, /a\.png.*Done/).waitFor();
    await page.getByText(/5 of 5 · done/).waitFor();
    await page.getByText(/^5 of 5 done$/).waitFor({ state: 'attached' });
  });

  it('narrows to one kind, and counts all of them', async () => {
    const { page } = await openPaused();
    await row(page, /e\.png/).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Cancel' }).click();
    await filter(page, 'Skipped 1').click();
    await row(page, /e\.png.*Cancelled/).waitFor();
    expect(await row(page, /\.png.*Waiting/).count()).toBe(0);
    await filter(page, 'Working 0').click();
    await page.getByText('None of the photographs is in this state.').waitFor();
    await expectAccessible(page);
    await filter(page, 'Waiting 4').click();
    expect(await row(page, /\.png.*Waiting/).count()).toBe(4);
    await filter(page, 'All 5').click();
    expect(await row(page, /[a-e]\.png.*40×|[a-e]\.png.*37×/).count()).toBe(5);
  });

  it('removes what waits, and tells that what is finished stays', async () => {
    const { page, web, batchId } = await openPaused();
    await row(page, /b\.png/).click();
    await row(page, /c\.png/).click({ modifiers: ['Shift'] });
    await page.keyboard.press('Delete');
    await filter(page, 'All 3').waitFor();
    expect((await web.application.services.jobs.files(batchId, {})).length).toBe(3);
    // Whatever stood next is looked at now.
    await page.waitForFunction(() =>
      /d\.png/.test(document.querySelector('[aria-current]')?.textContent ?? ''),
    );

    await batchMenu(page, 'Resume');
    await filter(page, 'Done 3').waitFor();
    await row(page, /a\.png/).click();
    await page.keyboard.press('Delete');
    await page.getByText(/What is finished stays in the list/).waitFor();
    await batchMenu(page, 'Remove from the list');
    await filter(page, 'All 0').waitFor();
    expect((await web.application.services.jobs.batch(batchId)).state).toBe('done');
  });

  it('cancels, and tries again what was cancelled', async () => {
    const { page } = await openPaused();
    await row(page, /a\.png/).click();
    await row(page, /c\.png/).click({ modifiers: ['Shift'] });
    await page
      .getByRole('toolbar', { name: 'What to do with the selected photographs' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await filter(page, 'Skipped 3').waitFor();
    await row(page, /b\.png.*Cancelled/).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Queue what was cancelled again' }).click();
    await filter(page, 'Done 5').waitFor();
  });

  it('says why something failed, once aloud and for good in the list, and tries again', async () => {
    const { page, root, web } = await openPage({ settings: { recipe: QUICK } });
    const whole = await writePicture(join(root, 'whole.jpg'), { width: 300, height: 200 });
    const broken = await cutShort(await writePicture(join(root, 'broken.jpg'), { width: 300, height: 200 }));
    const inputs = [
      { kind: 'path' as const, path: 'broken.jpg' },
      { kind: 'path' as const, path: 'whole.jpg' },
    ];
    await web.application.create(requestSchema.parse({ inputs, out: { kind: 'kept' }, recipe: QUICK }));
    await filter(page, 'Failed 1').waitFor();
    await filter(page, 'Done 1').waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: /^broken\.jpg failed\./ })
      .waitFor({ state: 'attached' });
    const [words] = await row(page, /broken\.jpg.*Failed/)
      .locator('p')
      .allTextContents();
    expect(words).toMatch(/\w{3}/);
    expect(words).not.toMatch(new RegExp(root));
    await expectAccessible(page);
    await screenshot(page, 'strip-failed');

    // Another picture in its place is another photograph: trying again tells so.
    await copyFile(whole, broken);
    await batchMenu(page, 'Try 1 failed again');
    await row(page, /broken\.jpg.*Failed.*changed/).waitFor();
    await page.getByText(/2 of 2 · ended, some failed/).waitFor();
  });

  it('gives a result away: by the menu, and by a drag', async () => {
    const { page } = await openPaused();
    await batchMenu(page, 'Resume');
    await filter(page, 'Done 5').waitFor();
    await row(page, /a\.png/).click({ button: 'right' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Download the result' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('a-x2.png');
    const dragged = await row(page, /b\.png/).evaluate((element) => {
      const dataTransfer = new DataTransfer();
      element.dispatchEvent(new DragEvent('dragstart', { dataTransfer, bubbles: true, cancelable: true }));
      window.dispatchEvent(new DragEvent('dragend'));
      return dataTransfer.getData('DownloadURL');
    });
    expect(dragged).toMatch(/^image\/png:b-x2\.png:http:\/\/127\.0\.0\.1:\d+\/media\/download\?id=\d+$/);
  });
});
