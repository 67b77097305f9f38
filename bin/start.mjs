#!/usr/bin/env node
// What `npm start` does: opens Enlarger's window where Electron can be had, else the same page in a browser.
// `npm start -- photo.jpg folder` hands pictures over; --root, --port and --no-open are the browser's.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** Milliseconds that fetching Electron may take. */
const PATIENCE = 180_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, 'out', 'main', 'web.js');
const require = createRequire(import.meta.url);

// npm runs its scripts in the folder of the package; paths are meant from where it was called.
if (process.env.npm_lifecycle_event === 'start' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

if (existsSync(web)) {
  const reason = noWindowBecause();
  if (reason === undefined) openWindow();
  else await openPage(reason);
} else {
  process.stderr.write(`✗ Enlarger is not built yet. Run 'npm ci' in ${root} first.\n`);
  process.exitCode = 3;
}

/** Why the window cannot be opened; undefined if it can. */
function noWindowBecause() {
  if (process.platform === 'linux') {
    const { DISPLAY, WAYLAND_DISPLAY } = process.env;
    if (!DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
    if (process.getuid?.() === 0)
      return 'the system administrator runs it, and Electron opens no window for that user';
  }
  try {
    // Does nothing where Electron is installed already.
    const install = require.resolve('electron/install.js');
    const { status } = spawnSync(process.execPath, [install], { stdio: 'ignore', timeout: PATIENCE });
    return status === 0 ? undefined : 'Electron is not installed and could not be fetched';
  } catch {
    return 'Electron is not installed';
  }
}

function openWindow() {
  process.stderr.write('Enlarger opens in a window.\n');
  const window = spawn(require('electron'), [root, ...paths()], { stdio: 'inherit' });
  process.on('SIGINT', () => {});
  window.on('error', (error) => openPage(error.message));
  window.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

/** What is left without the options of the web shell; absolute, so that Electron takes none for an option of its own. */
function paths() {
  const options = { root: { type: 'string' }, port: { type: 'string' }, 'no-open': { type: 'boolean' } };
  const { positionals } = parseArgs({ options, allowPositionals: true, strict: false });
  return positionals.map((path) => resolve(path));
}

async function openPage(reason) {
  process.stderr.write(`Enlarger opens in the browser, not in a window: ${reason}.\n`);
  await import(pathToFileURL(web).href);
}
