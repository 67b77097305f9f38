import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright';
import { expect, it, onTestFinished } from 'vitest';
import { BROWSER } from '../../../e2e/support/browser.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { startShell } from './web-page.ts';

async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    ...(BROWSER ? { executablePath: BROWSER } : {}),
    args: ['--no-sandbox'],
  });
  onTestFinished(() => browser.close());
  return browser;
}

/** Another page on this machine, such as any program may serve. */
async function otherPage(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Somebody else’s.');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

// Skipped where no browser is installed: what it shows of our answers, other tests show without one.
it.runIf(BROWSER)(
  'a real browser gets in by the address, and a page from elsewhere does not follow',
  async () => {
    const renderer = await temporaryFolder();
    await mkdir(join(renderer, 'assets'));
    await writeFile(
      join(renderer, 'index.html'),
      '<!doctype html><script src="/assets/app.js" type="module"></script>',
    );
    await writeFile(join(renderer, 'assets', 'app.js'), 'document.title = "Loaded";');
    const { web } = await startShell({ renderer });
    const context = await (await openBrowser()).newContext();
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      // Browsers look for an icon that this page has not.
      if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
    });

    // From another page, as a link is: the session has to arrive all the same.
    await page.goto(await otherPage());
    await page.evaluate((address) => location.assign(address), web.address);
    await page.waitForFunction(() => document.title === 'Loaded');
    expect([page.url(), await page.evaluate(() => document.cookie), complaints]).toEqual([
      `${web.origin}/`,
      '',
      [],
    ]);
    const opened = (line: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(line);
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      });
    const line = `${web.origin.replace('http', 'ws')}/line`;
    expect(await page.evaluate(opened, line)).toBe('open');
    expect(
      await page.evaluate(async () => (await fetch('/upload?name=a', { method: 'POST', body: 'x' })).status),
    ).toBe(201);

    const stranger = await context.newPage();
    await stranger.goto(await otherPage());
    expect(await stranger.evaluate(opened, line)).toBe('refused');
    const post = (address: string) =>
      fetch(`${address}/upload?name=b`, {
        method: 'POST',
        body: 'x',
        mode: 'no-cors',
        credentials: 'include',
      }).then(
        () => 'answered',
        () => 'failed',
      );
    await stranger.evaluate(post, web.origin);
    const shows = (address: string) =>
      new Promise((resolve) => {
        const script = document.createElement('script');
        script.onload = () => resolve('loaded');
        script.onerror = () => resolve('refused');
        script.src = address;
        document.head.append(script);
      });
    expect(await stranger.evaluate(shows, `${web.origin}/assets/app.js`)).toBe('refused');
    expect(web.application.services.places.uploads?.bytes).toBe(1);
  },
);
