import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright';
import { answerRoute } from './routes.ts';

/** A browser of the machine's, where there is one; else that of Playwright. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

let opened: Promise<{ browser: Browser; context: BrowserContext }> | undefined;

/** The Chromium behind every window; it ends with this process, whichever way that ends. */
export function openChromium(): Promise<{ browser: Browser; context: BrowserContext }> {
  opened ??= open();
  return opened;
}

async function open() {
  const browser = await chromium.launch({
    ...(INSTALLED ? { executablePath: INSTALLED } : {}),
    args: ['--no-sandbox'],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const context = await browser.newContext({ viewport: null });
  await context.route('**/*', answerRoute);
  return { browser, context };
}

export async function closeChromium(): Promise<void> {
  const { browser } = (await opened) ?? {};
  await browser?.close();
}
