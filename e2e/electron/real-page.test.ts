import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DesktopApp } from './desktop-app.ts';
import { BUILT, INSTALLED } from './installation.ts';

const POSSIBLE = BUILT && existsSync(join(INSTALLED, 'out', 'renderer', 'index.html'));

// Skipped where nothing is built (`npm run build`).
it.runIf(POSSIBLE)('the window shows the page as it was built, under its content policy', async () => {
  const app = await DesktopApp.start({ installation: INSTALLED });
  const shown = await app.evaluate(async () => {
    const root = document.getElementById('root');
    const complaints: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      complaints.push(`${violatedDirective} ${blockedURI}`);
    });
    await new Promise<void>((resolve) => {
      const look = () => {
        if (root?.textContent) resolve();
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      look();
    });
    return { title: document.title, complaints };
  });
  expect(shown).toEqual({ title: expect.stringContaining('Enlarger'), complaints: [] });
  expect(await app.do('log', { what: 'page-error' })).toEqual([]);
  expect(await app.do('log', { what: 'network' })).toEqual([]);
});
