import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { RecipeChoice } from '../src/shared/contract/recipe.ts';
import { cutShort, writePicture } from '../tests/support/pictures.ts';
import { unzipped } from '../tests/support/unzipped.ts';
import { dropFiles } from './support/add-files.ts';
import { BROWSER, expectAccessible, openPage, screenshot } from './support/open-page.ts';

/** Small tiles: a picture is in work for some seconds, and parts of it are there to be seen. */
const RECIPE: RecipeChoice = { variant: 'fp32', tile: 64 };

/** A picture that takes a while. */
async function writeLarge(path: string, seed: number): Promise<string> {
  const noise = { type: 'gaussian', mean: 120 + seed, sigma: 30 } as const;
  const canvas = sharp({ create: { width: 500, height: 380, channels: 3, background: '#777', noise } });
  await canvas.blur(1.5).jpeg({ quality: 92 }).toFile(path);
  return path;
}

const row = (page: Page, name: RegExp) =>
  page.getByRole('row', { name }).and(page.locator('[aria-selected]'));

/** Colours of the picture's right half, where the result is shown, as a number that changes with them. */
function sumOfPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvases = [...document.querySelectorAll('canvas')].filter(({ width }) => width > 300);
    return canvases.reduce((sum, canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      let hash = 0;
      for (let at = 0; at < pixels.length; at += 4) hash = (hash * 31 + (pixels[at] as number)) | 0;
      return sum + hash;
    }, 0);
  });
}

describe.skipIf(!BROWSER)('the whole way', { timeout: 180_000 }, () => {
  it('leads from a drop, with a broken file among the good ones, to a ZIP of the results', async () => {
    const { web, page, root } = await openPage({ settings: { recipe: RECIPE } });
    const large = await writeLarge(join(root, 'large.jpg'), 0);
    const small = await writePicture(join(root, 'small.png'));
    const broken = await cutShort(await writePicture(join(root, 'broken.png'), { seed: 7 }));
    await dropFiles(page, large, broken, small);

    // Parts of the result appear while it is made.
    await page.getByText(/^Enlarging \d+%/).waitFor();
    const before = await sumOfPixels(page);
    await page.waitForFunction(
      ([known]) => {
        const text = document.querySelector('main')?.textContent ?? '';
        const percent = /Enlarging (\d+)/.exec(text)?.[1];
        return percent === undefined || Number(percent) > (known as number);
      },
      [10],
    );
    await expect.poll(() => sumOfPixels(page), { timeout: 60_000 }).not.toBe(before);
    await expectAccessible(page);
    await screenshot(page, 'whole-way-working');

    await row(page, /large\.jpg.*Done/).waitFor();
    await row(page, /small\.png.*Done/).waitFor();
    await row(page, /broken\.png.*Failed/).waitFor();
    await page.getByText('3 of 3 · ended, some failed').waitFor();
    await expectAccessible(page);
    await row(page, /broken\.png/).click();
    await page.getByText('Could not be enlarged').waitFor();
    await expectAccessible(page);
    await row(page, /large\.jpg/).click();
    await page.getByText('Enlarged 1000×760').waitFor();
    await screenshot(page, 'whole-way-done');

    await page.getByRole('button', { name: 'Export results' }).click();
    await page.getByRole('radio', { name: 'All in the list (2)' }).check({ force: true });
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download 2 results' }).click();
    const zip = await unzipped(await readFile(await (await downloading).path()));
    const { jobs } = web.application.services;
    const [batch] = await jobs.batches();
    const files = await jobs.files(batch?.id ?? 0, { states: ['done'] });
    expect(Object.keys(zip).sort()).toEqual(['large-x2.jpg', 'small-x2.png']);
    for (const { result } of files) {
      const target = result?.target ?? '';
      expect(zip[target.slice(target.lastIndexOf('/') + 1)]?.equals(await readFile(target))).toBe(true);
    }
  });

  it('goes on where it was when the page is loaded again', async () => {
    const { page, root } = await openPage({ settings: { recipe: RECIPE } });
    await mkdir(join(root, 'in'));
    const files = [0, 1, 2].map((index) => writeLarge(join(root, 'in', `large-${index}.jpg`), index));
    await dropFiles(page, ...(await Promise.all(files)));
    await page.getByText(/^Enlarging \d+%/).waitFor();
    await page.reload();
    await row(page, /large-0\.jpg/).click();
    await page
      .getByText(/^(Enlarging \d+%|Enlarged)/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await page.getByText('3 of 3 · done').waitFor();
    expect(await row(page, /large-\d\.jpg.*Done/).count()).toBe(3);
  });

  it('survives the death of the engine', async () => {
    const { web, page, root } = await openPage({ settings: { recipe: RECIPE } });
    const files = [0, 1].map((index) => writeLarge(join(root, `large-${index}.jpg`), index));
    await dropFiles(page, ...(await Promise.all(files)));
    await page.getByText(/^Enlarging \d+%/).waitFor();
    const { engine } = web.application.services;
    expect(engine.pid).toBeGreaterThan(0);
    const { pid } = engine;
    process.kill(pid, 'SIGKILL');
    await page.getByText('2 of 2 · done').waitFor();
    expect(await row(page, /large-\d\.jpg.*Done/).count()).toBe(2);
    expect([pid, 0]).not.toContain(engine.pid);
  });
});
