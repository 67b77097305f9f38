import { spawnSync } from 'node:child_process';
import { findBrowser } from './browser.ts';

/** Sees to it that there is a browser for the tests that need one, where this machine lets it. */
if (!findBrowser() && process.platform === 'linux' && process.getuid?.() === 0) {
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-qq', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  process.stdout.write('No browser is installed: Debian’s chromium is.\n');
  if (apt('update')) apt('install', '--no-install-recommends', 'chromium');
}
if (!findBrowser()) {
  process.stdout.write(
    'No browser was found: tests that look at the page are skipped. Install Chrome, Chromium or Edge, or name one in ENLARGER_BROWSER.\n',
  );
}
