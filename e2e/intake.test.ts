import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { QUICK } from '../tests/main/shells/web-page.ts';
import { temporaryFolder, writePicture } from '../tests/support/pictures.ts';
import { dropFiles, dropFolder, holdFiles, pasteFiles } from './support/add-files.ts';
import { BROWSER, expectAccessible, openPage, screenshot } from './support/open-page.ts';

/** The row of a photograph: headings cannot be selected. */
const row = (page: Page, name: RegExp) =>
  page.getByRole('row', { name }).and(page.locator('[aria-selected]'));

/** Chooses in the dialog that a menu entry opens. */
async function choose(page: Page, entry: RegExp, paths: string | string[]): Promise<void> {
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('menuitem', { name: entry }).click(),
  ]);
  await chooser.setFiles(paths);
}

describe.skipIf(!BROWSER)('adding photographs', () => {
  it('what is dropped is shown at once, enlarged, and what is refused is named with reasons', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK } });
    const folder = await temporaryFolder();
    const one = await writePicture(join(folder, 'one.png'));
    const two = await writePicture(join(folder, 'two.jpg'), { seed: 2 });
    await writeFile(join(folder, 'notes.txt'), 'Buy milk.');
    await writeFile(join(folder, 'DSC_1.NEF'), 'raw');
    const refused = [join(folder, 'notes.txt'), join(folder, 'DSC_1.NEF')];

    await expectAccessible(page);
    await holdFiles(page, one);
    await page.getByText('Drop to enlarge').waitFor();
    await screenshot(page, 'intake-held');

    // As long as nothing has arrived, the browser shows what it has.
    const arrive = Promise.withResolvers<void>();
    await page.route('**/upload?*', async (route) => {
      await arrive.promise;
      await route.continue();
    });
    await dropFiles(page, one, two, ...refused);
    await row(page, /one\.png Adding/).waitFor();
    expect(await page.getByText('Drop to enlarge').count()).toBe(0);
    await page.getByRole('img', { name: /^Original of one\.png/ }).waitFor();
    await page.waitForFunction(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas[aria-label^="Original of one.png"]');
      const { width = 0, height = 0 } = canvas ?? {};
      return canvas?.getContext('2d')?.getImageData(width >> 1, height >> 1, 1, 1).data[3] === 255;
    });
    await row(page, /notes\.txt.*Not a kind of picture/).waitFor();
    await row(page, /DSC_1\.NEF.*Camera raw files cannot be read/).waitFor();
    await page.getByRole('region', { name: 'Adding 0 of 2 photographs' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'intake-uploading');

    arrive.resolve();
    await row(page, /one\.png.*Done.*37×29 → 74×58/).waitFor();
    await row(page, /two\.jpg.*Done/).waitFor();
    expect(await row(page, /one\.png/).getAttribute('aria-current')).toBe('true');
    const [batch] = await web.application.services.jobs.batches({});
    expect(batch).toMatchObject({ state: 'done', files: { done: 2 } });

    await page.getByRole('button', { name: 'Take away what cannot be added' }).click();
    await row(page, /notes\.txt/).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'All 2', exact: true }).waitFor();
  });

  it('waits for Start where that is wanted, and says before what will be done', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK, startAtOnce: false } });
    const folder = await temporaryFolder();
    const clear = await writePicture(join(folder, 'clear.png'), { bands: 4 });
    const plain = await writePicture(join(folder, 'plain.png'));
    const extra = await writePicture(join(folder, 'extra.png'), { width: 100, height: 100 });
    await writeFile(join(folder, 'broken.png'), 'no picture at all');

    await dropFiles(page, clear, plain, extra, join(folder, 'broken.png'));
    const panel = page.getByRole('region', { name: 'Waiting for Start' });
    await panel.getByText('3 photographs →').waitFor();
    await panel.getByText('1 cannot be enlarged').waitFor();
    await panel.getByText('broken.png').waitFor();
    await expectAccessible(page);
    expect(await web.application.services.jobs.batches({})).toEqual([]);

    await row(page, /extra\.png/).click();
    await page.keyboard.press('Delete');
    await panel.getByText('2 photographs →').waitFor();
    // The one that came after it is looked at.
    await page.waitForFunction(() =>
      /broken/.test(document.querySelector('[aria-current]')?.textContent ?? ''),
    );

    const format = page.getByRole('combobox', { name: 'Format' });
    await format.click();
    await page.getByRole('option', { name: /^JPEG/ }).click();
    await panel.getByText(/Written as png: jpeg has no transparency/).waitFor();
    await screenshot(page, 'intake-waiting');

    await panel.getByRole('button', { name: 'Start' }).click();
    await row(page, /clear\.png.*Done/).waitFor();
    await row(page, /plain\.png.*Done/).waitFor();
    await row(page, /broken\.png.*Failed/).waitFor();
    expect(await panel.count()).toBe(0);
  });

  it('folders that are chosen keep their structure', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK } });
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'trip', 'day 1'), { recursive: true });
    await writePicture(join(folder, 'trip', 'a.png'));
    await writePicture(join(folder, 'trip', 'day 1', 'b.png'), { seed: 2 });
    await writeFile(join(folder, 'trip', 'day 1', 'b.txt'), 'words');

    await choose(page, /Add folder/, join(folder, 'trip'));
    await row(page, /a\.png.*Done/).waitFor();
    await row(page, /b\.png.*Done/).waitFor();
    await row(page, /trip.*1 file in this folder is no picture/).waitFor();
    const [batch] = await web.application.services.jobs.batches({});
    const files = await web.application.services.jobs.files(batch?.id ?? 0, {});
    expect(files.map((file) => file.folder).sort()).toEqual(['trip', join('trip', 'day 1')]);
  });

  it('walks folders that are dropped', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK } });
    const bytes = async (seed: number) => {
      const folder = await temporaryFolder();
      return readFile(await writePicture(join(folder, 'any.png'), { seed }));
    };
    const words = Buffer.from('words');
    await dropFolder(page, 'trip', [
      { path: 'a.png', bytes: await bytes(1) },
      { path: 'day 1/b.png', bytes: await bytes(2) },
      { path: 'day 1/b.xmp', bytes: words },
      { path: 'day 1/c.cr3', bytes: words },
      { path: 'day 1/._b.png', bytes: words },
    ]);
    await row(page, /a\.png.*Done/).waitFor();
    await row(page, /b\.png.*Done/).waitFor();
    await row(page, /c\.cr3.*Camera raw files/).waitFor();
    await row(page, /trip.*1 file in this folder is no picture/).waitFor();
    const batches = await web.application.services.jobs.batches({});
    expect(batches.map(({ files }) => files.done)).toEqual([2]);
    const files = await web.application.services.jobs.files(batches[0]?.id ?? 0, {});
    expect(files.map((file) => file.folder).sort()).toEqual(['trip', join('trip', 'day 1')]);
    await dropFolder(page, 'words', [{ path: 'a.txt', bytes: words }]);
    await row(page, /words.*There are no pictures in this folder/).waitFor();
  });

  it('while the page connects, what is dropped does not open in its place', async () => {
    const { page, web } = await openPage();
    const early = await page.context().newPage();
    await early.routeWebSocket(/./, () => {});
    await early.goto(web.address);
    await early.getByText('Enlarger is starting…').waitFor();
    const refused = await early.evaluate(() =>
      ['dragover', 'drop'].map((type) => {
        const event = new DragEvent(type, {
          bubbles: true,
          cancelable: true,
          dataTransfer: new DataTransfer(),
        });
        return !document.body.dispatchEvent(event);
      }),
    );
    expect(refused).toEqual([true, true]);
  });

  it('takes pictures from the dialog and the clipboard', async () => {
    const { page } = await openPage({ settings: { recipe: QUICK } });
    const folder = await temporaryFolder();
    const files = [
      await writePicture(join(folder, 'first.png')),
      await writePicture(join(folder, 'second.png'), { seed: 2 }),
    ];
    await choose(page, /Add photos/, files);
    await row(page, /first\.png.*Done/).waitFor();
    await row(page, /second\.png.*Done/).waitFor();
    await pasteFiles(page, await writePicture(join(folder, 'image.png'), { seed: 3 }));
    await row(page, /Pasted [\d-]+ [\d.]+\.png.*Done/).waitFor();
  });

  it('chooses from the folder that may be browsed', async () => {
    const { page, root } = await openPage({ settings: { recipe: QUICK } });
    await mkdir(join(root, 'lake'));
    await writePicture(join(root, 'lake', 'dawn.png'));
    await writePicture(join(root, 'lake', 'noon.png'), { seed: 2 });
    await writePicture(join(root, 'top.png'), { seed: 3 });

    await page.getByRole('button', { name: 'Browse root…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add from root' });
    await dialog.getByRole('button', { name: /top\.png/ }).click();
    await dialog.getByRole('button', { name: 'lake' }).click();
    await dialog.getByRole('button', { name: /dawn\.png/ }).click();
    await expectAccessible(page);
    await screenshot(page, 'intake-browse');
    await dialog.getByRole('button', { name: 'Add 2 photographs' }).click();
    await row(page, /dawn\.png.*Done/).waitFor();
    await row(page, /top\.png.*Done/).waitFor();

    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Browse root…' }).click();
    await dialog.getByRole('button', { name: 'lake' }).click();
    await dialog.getByRole('button', { name: /noon\.png/ }).waitFor();
    await dialog.getByRole('button', { name: 'Add this folder' }).click();
    await row(page, /noon\.png.*Done/).waitFor();
  });

  it('says before anything is sent what is too large, and after it what broke off', async () => {
    const { page, web } = await openPage({
      settings: { recipe: QUICK },
      uploads: { bytesPerFile: 20_000, bytesInAll: 100_000 },
      provoked: /\/upload\?name=small/,
    });
    const folder = await temporaryFolder();
    const large = await writePicture(join(folder, 'large.png'), { width: 200, height: 200 });
    const small = await writePicture(join(folder, 'small.png'));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    let fails = true;
    await page.route('**/upload?*', (route) => (fails ? route.abort() : route.continue()));

    await dropFiles(page, large, small);
    await row(page, /large\.png.*at most 20 kB can be uploaded/).waitFor();
    await row(page, /small\.png.*The upload broke off/).waitFor();
    expect(asked.filter((url) => url.includes('name=large'))).toEqual([]);
    expect(await web.application.services.jobs.batches({})).toEqual([]);

    fails = false;
    await row(page, /small\.png/).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Try what failed again' }).click();
    await row(page, /small\.png.*Done/).waitFor();
  });

  it('an upload that is stopped leaves nothing behind', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK } });
    const folder = await temporaryFolder();
    const arrive = Promise.withResolvers<void>();
    await page.route('**/upload?*', async (route) => {
      await arrive.promise;
      await route.continue().catch(() => {});
    });
    await dropFiles(page, await writePicture(join(folder, 'one.png')));
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'All 0', exact: true }).waitFor();
    await page.getByText('Drop photographs or folders here').waitFor();
    arrive.resolve();
    expect(await web.application.services.jobs.batches({})).toEqual([]);
  });

  it('takes what is handed over while it is open', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK } });
    const folder = await temporaryFolder();
    await web.application.offer([await writePicture(join(folder, 'given.png'))]);
    await row(page, /given\.png.*Done/).waitFor();
  });
});
