import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RecipeChoice, recipeSchema } from '../src/shared/contract/recipe.ts';
import { writePicture } from '../tests/support/pictures.ts';
import { BROWSER, expectAccessible, type OpenPage, openPage, screenshot } from './support/open-page.ts';

/** Many small tiles: a batch that is seen while it runs. */
const RECIPE: RecipeChoice = { variant: 'fp32', tile: 32 };

const chart = (page: Page, name: string) => page.getByRole('figure', { name });
const list = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** The page with its dashboard, and an engine that is ready. */
async function openDashboard(): Promise<OpenPage> {
  const opened = await openPage();
  const { page } = opened;
  await page.getByRole('button', { name: 'Show what the machine is doing' }).click();
  await page.waitForFunction(() => /Workers\s*\d/.test(document.body.textContent ?? ''));
  return opened;
}

async function startBatch({ web, root }: OpenPage, pictures: number): Promise<number> {
  for (let index = 0; index < pictures; index++) {
    await writePicture(join(root, `${index}.png`), { width: 320, height: 240, seed: index });
  }
  const batch = await web.application.create({
    inputs: [{ kind: 'path', path: '' }],
    out: { kind: 'kept' },
    recipe: recipeSchema.parse(RECIPE),
  });
  return batch.id;
}

/** What a list of the dashboard says, by name. */
async function factsOf(page: Page, name: string): Promise<Record<string, string>> {
  const [names, values] = await Promise.all(
    (['term', 'definition'] as const).map((role) => list(page, name).getByRole(role).allTextContents()),
  );
  return Object.fromEntries((names ?? []).map((one, index) => [one, values?.[index] ?? '']));
}

/** Bytes of a text such as "342 MB". */
function bytesOf(text: string): number {
  const [value = '', unit = ''] = text.split(/\s/);
  return Number(value) * 1000 ** ['bytes', 'kB', 'MB', 'GB'].indexOf(unit);
}

/** The proportional set size of a process, as Linux tells it. */
async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]);
}

describe.skipIf(!BROWSER)('the dashboard', () => {
  test('shows the queue as the journal has it, and rates that add up to the work', {
    timeout: 150_000,
  }, async () => {
    const opened = await openDashboard();
    const { page, web } = opened;
    const { jobs, events } = web.application.services;
    // What it shows each moment, the time of each change with it.
    await page.evaluate(() => {
      const rates: [at: number, rate: number][] = [];
      const figure = document.querySelector('figure[aria-label="Tiles a second"]');
      const read = () => {
        const value = figure?.querySelector('figcaption')?.children[1]?.textContent ?? '';
        rates.push([performance.now(), Number(value.replace(',', ''))]);
      };
      new MutationObserver(read).observe(figure as Element, {
        subtree: true,
        childList: true,
        characterData: true,
      });
      Object.assign(window, { rates });
    });
    const tiles = new Map<number, number>();
    const ended = new AbortController();
    onTestFinished(() => ended.abort());
    void (async () => {
      for await (const { progress = [] } of events.read(ended.signal)) {
        for (const { fileId, tilesTotal } of progress) tiles.set(fileId, tilesTotal);
      }
    })();
    const id = await startBatch(opened, 8);
    await expect
      .poll(
        async () => {
          const { 'Photographs waiting': waiting, 'Photographs in work': inWork } = await factsOf(
            page,
            'Queue',
          );
          const { files } = await jobs.batch(id);
          const working = (files.decoding ?? 0) + (files.enhancing ?? 0) + (files.encoding ?? 0);
          return [
            ['waiting', Number(waiting) > 0 && Number(waiting) === files.queued],
            ['in work', Number(inWork) > 0 && Number(inWork) === working],
          ];
        },
        { timeout: 60_000, interval: 100 },
      )
      .toEqual([
        ['waiting', true],
        ['in work', true],
      ]);
    await screenshot(page, 'dashboard-working');
    await expectAccessible(page);

    await page.getByText('8 of 8').first().waitFor({ timeout: 90_000 });
    await chart(page, 'Tiles a second').getByText('0', { exact: true }).waitFor();
    const shown = await page.evaluate(() => {
      const { rates } = window as unknown as { rates: [number, number][] };
      return rates.reduce(
        (sum, [at, rate], index) => sum + (rate * ((rates[index + 1]?.[0] ?? at) - at)) / 1000,
        0,
      );
    });
    const done = [...tiles.values()].reduce((sum, total) => sum + total, 0);
    expect(tiles.size).toBe(8);
    expect(shown / done).toBeGreaterThan(0.7);
    expect(shown / done).toBeLessThan(1.3);
  });

  test.skipIf(process.platform !== 'linux')(
    'shows the memory of each process as the system tells it',
    { timeout: 60_000 },
    async () => {
      const { page, web } = await openDashboard();
      const { pid } = web.application.services.engine;
      const error = async () => {
        const { Engine: shown = '' } = await factsOf(page, 'Memory of Enlarger');
        const real = await pssOf(pid);
        return Math.abs(bytesOf(shown) - real) / real;
      };
      await expect.poll(error, { timeout: 30_000 }).toBeLessThan(0.05);
    },
  );

  test('says what is not reported, and what there is not', { timeout: 90_000 }, async () => {
    const { page, web } = await openDashboard();
    const { engine, metrics } = web.application.services;
    const sample = await metrics.latest(new AbortController().signal);
    const graphics = await list(page, 'Graphics').textContent();
    expect(graphics).toContain(sample?.gpus[0]?.name ?? 'No graphics processor found.');
    expect(await factsOf(page, 'Engine')).toMatchObject({ 'Computes on': sample?.provider });

    const { pid } = engine;
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => {
      // The supervisor may have replaced it by now.
      if (engine.pid === pid) process.kill(pid, 'SIGCONT');
    });
    await list(page, 'Engine').getByText('not reported').waitFor();
    expect(await factsOf(page, 'Memory of Enlarger')).toMatchObject({ Pixels: 'not reported' });
  });

  test('is there while it is wanted, in words for those who see no charts', { timeout: 60_000 }, async () => {
    const { page } = await openDashboard();
    await chart(page, 'Processor')
      .getByText(/^In the last minute: lowest \d+%/)
      .waitFor();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1024, height: 700 });
    await expectAccessible(page);
    await screenshot(page, 'dashboard-narrow');
    await page.keyboard.press('m');
    await chart(page, 'Processor').waitFor({ state: 'detached' });
    await page.keyboard.press('m');
    await chart(page, 'Memory').waitFor();

    let cut: () => Promise<void> = async () => {};
    let dead = false;
    await page.routeWebSocket(/\/line$/, (socket) => {
      // What is dead takes the connection and says nothing.
      if (!dead) socket.connectToServer();
      cut = () => socket.close();
    });
    await page.reload();
    await chart(page, 'Memory').waitFor();
    dead = true;
    await cut();
    await page.getByText('No figures while Enlarger does not answer.').waitFor();
    dead = false;
    await cut();
    await chart(page, 'Memory').waitFor();
  });
});
