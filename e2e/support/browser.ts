import { existsSync } from 'node:fs';

const PLACES = [
  process.env.ENLARGER_BROWSER ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Where a browser of Chromium's family is installed now: Chrome, Chromium or Edge. */
export function findBrowser(): string | undefined {
  return PLACES.find((path) => path !== '' && existsSync(path));
}

/** The one that was there when this program began. */
export const BROWSER = findBrowser();
