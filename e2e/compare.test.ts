import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator, Page } from 'playwright';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { type RecipeChoice, recipeSchema } from '../src/shared/contract/recipe.ts';
import { type PictureOptions, writePicture } from '../tests/support/pictures.ts';
import { BROWSER, expectAccessible, type OpenPage, openPage, screenshot } from './support/open-page.ts';

interface Asked {
  pictures?: Record<string, PictureOptions>;
  /** Files that are copied as they are. */
  files?: readonly string[];
  recipe?: RecipeChoice;
}

/** What makes small pictures quick: nothing is measured first, and a session for small tiles warms up soon. */
const QUICK: RecipeChoice = { variant: 'fp32', tile: 64 };

/** The page, and a batch of these pictures. */
async function openBatch({ pictures = {}, files = [], recipe = QUICK }: Asked): Promise<OpenPage> {
  const opened = await openPage({ settings: { recipe } });
  const { root, web } = opened;
  for (const [name, options] of Object.entries(pictures)) await writePicture(join(root, name), options);
  for (const file of files) await copyFile(file, join(root, basename(file)));
  await web.application.create({
    inputs: [{ kind: 'path', path: '' }],
    out: { kind: 'kept' },
    recipe: recipeSchema.parse(recipe),
  });
  return opened;
}

const enlarged = (page: Page) => page.getByRole('img', { name: /, enlarged, at/ });
const original = (page: Page) => page.getByRole('img', { name: /^Original of/ });
const divider = (page: Page) => page.getByRole('slider', { name: /^Divider/ });
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** Waits until the page says that it is this close. */
async function zoomIs(page: Page, zoom: string): Promise<void> {
  await page.getByRole('status', { name: 'Zoom' }).filter({ hasText: zoom }).waitFor();
}

/** Samples of a canvas: RGBA, row by row. */
async function pixels(
  canvas: Locator,
  x: number,
  y: number,
  width: number,
  height: number,
): Promise<number[]> {
  return canvas.evaluate(
    (element: HTMLCanvasElement, [left, top, across, down]) => {
      const context = element.getContext('2d');
      return context ? [...context.getImageData(left, top, across, down).data] : [];
    },
    [x, y, width, height] as const,
  );
}

const alphaAt = async (canvas: Locator, x: number, y: number) => (await pixels(canvas, x, y, 1, 1))[3];

/** Resolves once a canvas shows something at a place. */
async function isPainted(canvas: Locator, x: number, y: number): Promise<void> {
  await expect.poll(() => alphaAt(canvas, x, y), { timeout: 30_000 }).toBe(255);
}

async function sizeOf(canvas: Locator): Promise<{ width: number; height: number }> {
  return canvas.evaluate(({ width, height }: HTMLCanvasElement) => ({ width, height }));
}

describe.skipIf(!BROWSER)('the compare view', { timeout: 180_000 }, () => {
  test('compares in three ways, all of them with the keyboard', async () => {
    const { page } = await openBatch({ pictures: { 'one.png': { width: 400, height: 300 } } });
    await enlarged(page).waitFor();
    await original(page).waitFor();
    await page.getByText('Original 400×300').waitFor();
    await page.getByText('Enlarged 800×600').waitFor();
    await screenshot(page, 'slider');
    await expectAccessible(page);

    await divider(page).focus();
    await page.keyboard.press('ArrowRight');
    expect(await divider(page).getAttribute('aria-valuenow')).toBe('51');
    await page.keyboard.press('Home');
    expect(await divider(page).getAttribute('aria-valuenow')).toBe('0');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await divider(page).getAttribute('aria-valuetext')).toBe('10% original');
    const box = await divider(page).boundingBox();
    if (!box) throw new Error('The divider is not to be seen.');
    await page.mouse.move(box.x + box.width / 2, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 200, box.y + 120, { steps: 3 });
    await page.mouse.up();
    expect(Number(await divider(page).getAttribute('aria-valuenow'))).toBeGreaterThan(25);

    await page.getByRole('group', { name: 'one.png' }).focus();
    await page.keyboard.down(' ');
    await enlarged(page).waitFor({ state: 'hidden' });
    await page.keyboard.up(' ');
    await enlarged(page).waitFor();

    await button(page, 'Compare side by side').click();
    await divider(page).waitFor({ state: 'hidden' });
    expect(
      Math.abs((await sizeOf(original(page))).width - (await sizeOf(enlarged(page))).width),
    ).toBeLessThan(2);
    await screenshot(page, 'side');
    await expectAccessible(page);

    await button(page, /^Show the enlarged alone/).click();
    await original(page).waitFor({ state: 'hidden' });
    await enlarged(page).hover();
    await page.mouse.down();
    await original(page).waitFor();
    await page.mouse.up();
    await enlarged(page).waitFor();
    await button(page, 'Hold to see the original').hover();
    await page.mouse.down();
    await original(page).waitFor();
    await page.mouse.up();
    await enlarged(page).waitFor();
    await expectAccessible(page);
  });

  test('shows the pixels of the result as they are at 16:1, both sides through one camera', async () => {
    const { page, web } = await openBatch({ pictures: { 'one.png': { width: 400, height: 300 } } });
    await enlarged(page).waitFor();
    await button(page, 'Compare side by side').click();
    await page.getByRole('group', { name: 'one.png' }).focus();
    await page.keyboard.press('1');
    await zoomIs(page, '100%');
    await expect
      .poll(async () => Math.abs((await edgeOf(original(page))) - (await edgeOf(enlarged(page)))))
      .toBeLessThan(4);
    for (let press = 0; press < 9; press++) await page.keyboard.press('+');
    await zoomIs(page, '1,600%');
    const { width, height } = await sizeOf(enlarged(page));
    const middle = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
    await isPainted(enlarged(page), middle.x, middle.y);

    // Each pixel of the result is a block of 16×16, beginning with the picture's first pixel.
    const [batch] = await web.application.services.jobs.batches({ limit: 1 });
    const [file] = await web.application.services.jobs.files(batch?.id ?? 0, {});
    const target = file?.result?.target ?? '';
    const blocks = 8;
    const samples = await expectBlocks(enlarged(page), middle, blocks);
    // The camera rests on the middle of the picture: pixel 400, 300 of the result begins near the middle of the pane.
    const crop = await sharp(target)
      .extract({ left: 400 - blocks, top: 300 - blocks, width: 3 * blocks, height: 3 * blocks })
      .removeAlpha()
      .raw()
      .toBuffer();
    expect(bestMatch(samples, blocks, crop, 3 * blocks)).toBeLessThan(4);
    await screenshot(page, 'crisp');

    // The original has pixels of 32×32 at the same place.
    const left = await pixels(original(page), middle.x, middle.y, 96, 1);
    expect(
      runs(left)
        .slice(1, -1)
        .every((length) => length === 32),
    ).toBe(true);
  });

  test('zooms at the pointer, pans within limits, fits and goes back to 1:1', async () => {
    const { page } = await openBatch({ pictures: { 'one.png': { width: 900, height: 700 } } });
    await enlarged(page).waitFor();
    await button(page, /^Show the enlarged alone/).click();
    const canvas = enlarged(page);
    await isPainted(canvas, 400, 400);
    const box = await canvas.boundingBox();
    if (!box) throw new Error('The picture is not to be seen.');
    const whole = await canvas.getAttribute('aria-label');

    await page.mouse.dblclick(box.x + 300, box.y + 300);
    await zoomIs(page, '100%');
    await page.mouse.move(box.x + 300, box.y + 300);
    await page.mouse.wheel(0, -300);
    await zoomIs(page, '182%');
    await page.mouse.wheel(0, 10_000);
    await expect.poll(() => canvas.getAttribute('aria-label')).toBe(whole);

    await page.keyboard.press('1');
    await zoomIs(page, '100%');
    await page.mouse.move(box.x + 100, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + 3000, box.y + 3000, { steps: 2 });
    await page.mouse.up();
    // The picture's corner is clear of what lies on the margins, and no farther.
    await isPainted(enlarged(page), 12, 40);
    expect(await alphaAt(enlarged(page), 11, 40)).toBe(0);
    expect(await alphaAt(enlarged(page), 12, 39)).toBe(0);
    await page.keyboard.press('0');
    await expect.poll(() => canvas.getAttribute('aria-label')).toBe(whole);
  });

  test('shows the result while it is made, where the user looks', async () => {
    const { page } = await openBatch({
      pictures: { 'one.png': { width: 1000, height: 700 } },
      recipe: { variant: 'fp32', tile: 32 },
    });
    await page.getByText(/^Enlarging .*2000×1400/).waitFor();
    await button(page, 'Compare side by side').click();
    await page.keyboard.press('1');
    await zoomIs(page, '100%');
    const working = page.getByRole('img', { name: /being enlarged/ });
    // What is not done yet is the original: both sides are the same there, and differ where a tile has come.
    await expect
      .poll(
        async () => {
          const { width, height } = await sizeOf(working);
          // The upper edge of the disc.
          const place = [Math.floor(width / 2) - 40, Math.floor(height / 2) - 400, 80, 100] as const;
          const [before, after] = await Promise.all([
            pixels(original(page), ...place),
            pixels(working, ...place),
          ]);
          return before.filter((sample, index) => Math.abs(sample - (after[index] ?? 0)) > 2).length;
        },
        { timeout: 60_000, interval: 50 },
      )
      .toBeGreaterThan(100);
    // While it is in work still.
    expect(await working.count()).toBe(1);
    await screenshot(page, 'working');
    await expectAccessible(page);
  });

  test('goes from photograph to photograph, says what failed and why, and what was kept', async () => {
    const { page, root, web } = await openPage({ settings: { recipe: QUICK } });
    await screenshot(page, 'empty');
    await expectAccessible(page);
    await writePicture(join(root, 'a.png'), { width: 60, height: 40, bands: 4 });
    await writePicture(join(root, 'b.jpg'), {
      width: 80,
      height: 60,
      profile: 'p3',
      exif: { IFD0: { Artist: 'Someone' } },
    });
    await writeFile(join(root, 'c.jpg'), 'not a picture');
    await web.application.create({
      inputs: [{ kind: 'path', path: '' }],
      out: { kind: 'kept' },
      recipe: recipeSchema.parse(QUICK),
    });
    await page.getByRole('img', { name: /a\.png, enlarged/ }).waitFor();
    const canvas = enlarged(page);
    await button(page, /^Show the enlarged alone/).click();
    const { width, height } = await sizeOf(canvas);
    await isPainted(canvas, Math.floor(width / 2), Math.floor(height / 2) - 8);
    // Transparent to its corner: a board is behind it, not on it.
    expect(await alphaAt(canvas, Math.floor(width / 2) - 59, Math.floor(height / 2) - 8 - 39)).toBe(0);
    await screenshot(page, 'transparent');

    await page.keyboard.press(']');
    await page.getByRole('img', { name: /b\.jpg, enlarged/ }).waitFor();
    await button(page, 'What was kept').click();
    const kept = page.getByRole('dialog', { name: 'What was kept' });
    await kept.getByText('Colour profile').waitFor();
    await kept.getByText('JPEG').waitFor();
    await screenshot(page, 'kept');
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await kept.waitFor({ state: 'hidden' });

    await page.keyboard.press(']');
    await page.getByText('Could not be enlarged').waitFor();
    // Of what cannot even be read there is nothing to try.
    expect(await button(page, 'Try again').count()).toBe(0);
    await screenshot(page, 'failed');
    await expectAccessible(page);
    await page.keyboard.press('[');
    await page.getByRole('img', { name: /b\.jpg, enlarged/ }).waitFor();
  });

  test('fills the screen', async () => {
    const { page } = await openBatch({ pictures: { 'one.png': { width: 400, height: 300 } } });
    await enlarged(page).waitFor();
    const small = await sizeOf(enlarged(page));
    await page.keyboard.press('f');
    await button(page, 'Leave full screen').waitFor();
    await expect.poll(async () => (await sizeOf(enlarged(page))).width).toBeGreaterThan(small.width);
    await button(page, 'Next photograph').waitFor();
    await screenshot(page, 'full');
    await page.keyboard.press('f');
    await button(page, 'Fill the screen').waitFor();
  });
});

/** Where the row through the middle of a picture changes most: the disc's left edge. */
async function edgeOf(canvas: Locator): Promise<number> {
  const { width, height } = await sizeOf(canvas);
  const row = await pixels(canvas, 0, Math.floor(height / 2) - 8, Math.floor(width / 2), 1);
  const green = row.filter((_, index) => index % 4 === 1);
  const steps = green.map((sample, x) => Math.abs(sample - (green[x - 3] ?? sample)));
  return steps.indexOf(Math.max(...steps));
}

/** Lengths of runs of equal pixels along a row. */
function runs(row: readonly number[]): number[] {
  const lengths: number[] = [];
  for (let index = 0; index < row.length; index += 4) {
    const same = index > 0 && [0, 1, 2].every((channel) => row[index + channel] === row[index - 4 + channel]);
    if (same) lengths.push((lengths.pop() ?? 0) + 1);
    else lengths.push(1);
  }
  return lengths;
}

/** The samples of `count`×`count` pixels that are drawn as blocks of 16×16 from near `start`; RGB. */
async function expectBlocks(
  canvas: Locator,
  start: { x: number; y: number },
  count: number,
): Promise<number[]> {
  const row = runs(await pixels(canvas, start.x, start.y, 16 * (count + 2), 1));
  expect(row.slice(1, -1).every((length) => length % 16 === 0)).toBe(true);
  const column = runs(await pixels(canvas, start.x, start.y, 1, 16 * (count + 2)));
  expect(column.slice(1, -1).every((length) => length % 16 === 0)).toBe(true);
  const [across = 0, down = 0] = [(row[0] ?? 0) % 16, (column[0] ?? 0) % 16];
  const block = await pixels(canvas, start.x + across, start.y + down, 16 * count, 16 * count);
  const samples: number[] = [];
  for (let y = 0; y < count; y++) {
    for (let x = 0; x < count; x++) {
      const first = (y * 16 * 16 * count + x * 16) * 4;
      const last = ((y * 16 + 15) * 16 * count + x * 16 + 15) * 4;
      expect(block.slice(first, first + 3)).toEqual(block.slice(last, last + 3));
      samples.push(...block.slice(first, first + 3));
    }
  }
  return samples;
}

/** The least mean difference between `samples` (`count`×`count`, RGB) and any place of `picture` (`side`×`side`, RGB). */
function bestMatch(samples: readonly number[], count: number, picture: Uint8Array, side: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let top = 0; top <= side - count; top++) {
    for (let left = 0; left <= side - count; left++) {
      let sum = 0;
      for (let y = 0; y < count; y++) {
        for (let x = 0; x < count * 3; x++) {
          sum += Math.abs(
            (samples[y * count * 3 + x] ?? 0) - (picture[((top + y) * side + left) * 3 + x] ?? 0),
          );
        }
      }
      best = Math.min(best, sum / samples.length);
    }
  }
  return best;
}
