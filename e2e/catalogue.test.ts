import { describe, expect, test } from 'vitest';
import { describeMachine } from '../src/main/machine.ts';
import { entryFor, modelHost, whole } from '../tests/main/catalogue/model-host.ts';
import { QUICK } from '../tests/main/shells/web-page.ts';
import { ranged } from '../tests/support/networks/boundaries.ts';
import { offerCatalogue } from './support/local-catalogue.ts';
import { focused, openModels, rowOf } from './support/models-page.ts';
import { BROWSER, expectAccessible, openPage, screenshot } from './support/open-page.ts';

const TINY = 'https://models.example/tiny.onnx';
const CUT = 'https://models.example/cut.onnx';

/** A host that sends half of a file, and the rest once it is told to. */
async function halfHost(bytes: Uint8Array) {
  const go = Promise.withResolvers<void>();
  const half = bytes.length >> 1;
  const host = await modelHost((_, answer) => {
    answer.writeHead(200, { etag: '"one"', 'content-length': bytes.length });
    answer.write(bytes.subarray(0, half));
    void go.promise.then(() => answer.end(bytes.subarray(half)));
  }, whole(bytes));
  return { ...host, half, go: go.resolve };
}

describe.skipIf(!BROWSER)('the catalogue', { timeout: 240_000 }, () => {
  test('a licence is accepted, then a model comes, stops, goes on, and is there', async () => {
    const bytes = ranged(0, 1);
    const { address, asked } = await halfHost(bytes);
    const { page, web } = await openPage({ settings: { recipe: QUICK } });
    await offerCatalogue(web, [entryFor(TINY, bytes)], new Map([[TINY, address]]));
    const dialog = await openModels(page);
    await dialog.getByRole('tab', { name: 'Installed' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const row = dialog.getByRole('listitem', { name: 'Tiny', exact: true });
    await row.getByText(/^Enlarges ×2 · .+ kB · MIT · by Somebody$/).waitFor();
    await row.getByText(/^From models\.example/).waitFor();
    await row.getByRole('button', { name: 'Download Tiny' }).click();
    await row.getByRole('link', { name: 'example.com/licence' }).waitFor();
    await row.getByText(TINY).waitFor();
    const begin = row.getByRole('button', { name: /^Download [\d.]+ kB$/ });
    expect(await begin.isDisabled()).toBe(true);
    await expectAccessible(page);
    await page.keyboard.press('Space');
    expect(asked).toEqual([]);
    await begin.click();
    const bar = row.getByRole('progressbar', { name: 'Download of Tiny' });
    await row.getByText(/^[\d.]+ kB of [\d.]+ kB$/).waitFor();
    await expect.poll(() => bar.getAttribute('aria-valuenow')).toBe('50');
    await expectAccessible(page);
    await screenshot(page, 'downloading');

    // Whoever has only a keyboard is where the next thing is to be done.
    await row.getByRole('button', { name: 'Stop the download of Tiny' }).focus();
    await page.keyboard.press('Enter');
    await row.getByText(/^[\d.]+ kB of [\d.]+ kB have arrived\.$/).waitFor();
    await expect.poll(() => focused(page)).toBe('Go on with the download of Tiny');
    await expectAccessible(page);
    await screenshot(page, 'partial');
    await row.getByRole('button', { name: 'Go on with the download of Tiny' }).click();
    await row.getByText('Installed').waitFor();
    await page.getByText(/(Tiny|tiny-x2) was downloaded and added\./).waitFor();
    expect(asked[1]?.headers.range).toBe(`bytes=${bytes.length >> 1}-`);
    await expect.poll(() => focused(page)).toBe('Use Tiny');
    await expectAccessible(page);
    await screenshot(page, 'here');
    await dialog.getByRole('tab', { name: 'Installed' }).click();
    await rowOf(page, 'Tiny').getByText('Licence: MIT').waitFor();
    expect(web.application.services.models.models.has('tiny-x2')).toBe(true);
  });

  test('a download that fails says why, and what has arrived can be deleted', async () => {
    const bytes = ranged(0, 1);
    const wrong = await modelHost(whole(Buffer.from(bytes).fill(7, 100, 200)));
    const cut = await halfHost(bytes);
    const { page, web } = await openPage({ settings: { recipe: QUICK } });
    await offerCatalogue(
      web,
      [
        entryFor(TINY, bytes, { title: 'Wrong', id: 'wrong' }),
        entryFor(CUT, bytes, { title: 'Cut', id: 'cut' }),
      ],
      new Map([
        [TINY, wrong.address],
        [CUT, cut.address],
      ]),
    );
    const dialog = await openModels(page);
    await dialog.getByRole('tab', { name: 'Catalogue' }).click();
    const begin = async (title: string) => {
      const row = dialog.getByRole('listitem', { name: title, exact: true });
      await row.getByRole('button', { name: `Download ${title}` }).click();
      await row.getByRole('checkbox', { name: 'I have read the licence (MIT) and accept it.' }).check();
      await row.getByRole('button', { name: /^Download [\d.]+ kB$/ }).click();
      return row;
    };
    const broken = await begin('Wrong');
    await broken.getByText('The download failed').waitFor();
    await broken.getByText(/has other contents than the catalogue says/).waitFor();
    await broken.getByRole('button', { name: 'Download Wrong' }).waitFor();
    await expectAccessible(page);
    await screenshot(page, 'failed');

    const row = await begin('Cut');
    await row.getByRole('progressbar').waitFor();
    await row.getByRole('button', { name: 'Stop the download of Cut' }).click();
    await row.getByRole('button', { name: 'Delete what has arrived' }).click();
    await row.getByRole('button', { name: 'Download Cut' }).waitFor();
    expect(await web.application.services.catalogue.list()).toMatchObject({
      models: [{ state: 'absent' }, { state: 'absent', bytesDone: 0 }],
    });
  });

  test('nothing can be downloaded while the network may not be used, and the page says so', async () => {
    const { page, web } = await openPage({ settings: { recipe: QUICK, network: false } });
    const dialog = await openModels(page);
    await dialog.getByRole('tab', { name: 'Catalogue' }).click();
    await dialog.getByText('Nothing can be downloaded').waitFor();
    const buttons = dialog.getByRole('button', { name: /^Download / });
    expect(await buttons.first().isDisabled()).toBe(true);
    await expectAccessible(page);
    await screenshot(page, 'offline');
    await dialog.getByRole('button', { name: 'Allow downloads' }).click();
    await dialog.getByText('Nothing can be downloaded').waitFor({ state: 'detached' });
    expect(web.application.services.settings.get().network).toBe(true);
    expect(await buttons.first().isDisabled()).toBe(false);
    await screenshot(page, 'catalogue');
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Settings' }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByRole('combobox', { name: 'What computes' }).click();
    const { processor } = describeMachine();
    await page.getByRole('option', { name: `Processor ${processor}` }).waitFor();
    await screenshot(page, 'devices');
    await page.getByRole('option', { name: /^Processor/ }).click();
    await settings.getByText(`For the next batch: ${processor}`).waitFor();
    await expect.poll(() => web.application.services.settings.get().device).toBe('cpu');
    await settings.getByRole('switch', { name: 'Allow downloads of models' }).click();
    await expect.poll(() => web.application.services.settings.get().network).toBe(false);
    await expectAccessible(page);
    await screenshot(page, 'settings');
    await settings.getByRole('button', { name: 'Manage models…' }).click();
    await dialog.getByRole('list', { name: 'Installed models' }).waitFor();
  });
});
