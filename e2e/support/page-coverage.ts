import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { onTestFinished } from 'vitest';

/**
 * Notes what of the page's own code runs until the test ends, where `ENLARGER_PAGE_COVERAGE` names a folder for it. To be
 * called before the page is opened; `report-lines.ts` adds up what was noted.
 */
export async function notePageCoverage(page: Page): Promise<void> {
  const folder = process.env.ENLARGER_PAGE_COVERAGE;
  if (!folder) return;
  await page.coverage.startJSCoverage({ resetOnNavigation: false });
  onTestFinished(async () => {
    const scripts = await page.coverage.stopJSCoverage();
    const own = scripts.filter(({ url }) => new URL(url).pathname.startsWith('/assets/'));
    const result = own.map(({ url, scriptId, functions }) => ({ url, scriptId, functions }));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${randomUUID()}.json`), JSON.stringify({ result }));
  });
}
