import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ElectronApplication, _electron as electron } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder, writePicture } from '../../tests/support/pictures.ts';
import { BUILT, installWithTestPage, remove } from './installation.ts';

/** Why these tests cannot run here; undefined if they can. */
function obstacle(): string | undefined {
  if (!BUILT) return 'nothing is built; run `npm run build`';
  if (process.platform === 'linux') {
    const { DISPLAY, WAYLAND_DISPLAY } = process.env;
    if (!DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
    if (process.getuid?.() === 0) return 'the system administrator runs them, whom Chromium gives no sandbox';
  }
  return executable() ? undefined : "Electron's binary is not installed";
}

/** The binary that is installed; Electron's own module would fetch one. */
function executable(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    return join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'));
  } catch {
    return undefined;
  }
}

const reason = obstacle();
let installation = '';
beforeAll(async () => {
  if (!reason) installation = await installWithTestPage();
});
afterAll(() => remove(installation));

async function open(state: string, words: string[] = []): Promise<ElectronApplication> {
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env as Record<string, string>;
  const app = await electron.launch({
    executablePath: executable() ?? '',
    args: [installation, ...words],
    env: { ...environment, ENLARGER_HOME: state },
  });
  onTestFinished(() => app.close().catch(() => {}));
  return app;
}

describe.skipIf(reason)(
  `the desktop shell in Electron itself${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    it('opens a sandboxed window whose page has a line to main', async () => {
      const app = await open(await temporaryFolder());
      const page = await app.firstWindow();
      const shown = await page.evaluate(async () => {
        const { client } = await window.test;
        const { shell } = await client.capabilities();
        const node = ['require', 'process', 'module'].filter((name) => name in window);
        return { address: location.href, shell, node };
      });
      expect(shown).toEqual({ address: 'app://enlarger/', shell: 'desktop', node: [] });
    });

    it('serves nothing beside the page, goes nowhere and opens nothing', async () => {
      const app = await open(await temporaryFolder());
      const page = await app.firstWindow();
      const answers = await page.evaluate(async () => {
        await window.test;
        const ask = (path: string) =>
          fetch(path).then(
            ({ status }) => status,
            () => 'refused',
          );
        const opened = window.open('https://example.com/');
        location.assign('https://example.com/');
        return [await ask('/client.js'), await ask('/..%2f..%2fpackage.json'), opened];
      });
      expect(answers).toEqual([200, 404, null]);
      expect(page.url()).toBe('app://enlarger/');
      expect(app.windows()).toHaveLength(1);
    });

    it('enlarges what it was started with', async () => {
      const folder = await temporaryFolder();
      const picture = await writePicture(join(folder, 'a.png'), { width: 40, height: 30 });
      const app = await open(join(folder, 'state'), [picture]);
      const page = await app.firstWindow();
      const state = await page.evaluate(async () => {
        const { client, until } = await window.test;
        const { offers: [offer] = [] } = await until((event) => event.offers !== undefined);
        const [offered] = await client.offers.take({ id: offer?.id ?? 0 });
        if (!offered) return undefined;
        const recipe = { variant: 'fp32', tile: 32 } as const;
        const { id } = await client.batches.create({
          inputs: [offered.input],
          out: { kind: 'kept' },
          recipe,
        });
        const ended = (batch: { id: number; endedAt: number | null }) => batch.id === id && batch.endedAt;
        const { batches } = await until((event) => event.batches?.some(ended) ?? false);
        return batches?.find(ended)?.state;
      });
      expect(state).toBe('done');
    });
  },
);
