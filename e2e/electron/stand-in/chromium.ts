import { type Browser, type BrowserContext, chromium } from 'playwright';
import { BROWSER } from '../../support/browser.ts';
import { answerRoute } from './routes.ts';

let opened: Promise<{ browser: Browser; context: BrowserContext }> | undefined;

/** The Chromium behind every window; it ends with this process, whichever way that ends. */
export function openChromium(): Promise<{ browser: Browser; context: BrowserContext }> {
  opened ??= open();
  return opened;
}

async function open() {
  const browser = await chromium.launch({
    ...(BROWSER ? { executablePath: BROWSER } : {}),
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
