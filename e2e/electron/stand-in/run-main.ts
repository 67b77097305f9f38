/** Runs a main process as Electron does: `run-main.ts <main module> <folder of the app> [arguments…]`. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { openChromium } from './chromium.ts';
import { answerTest } from './control.ts';

const [node = '', , main = '', ...words] = process.argv;
process.argv = [node, ...words];
// What depends on the system is tried for another one, as far as this one has what it takes.
const { STAND_IN_PLATFORM } = process.env;
// Chromium is started as this system wants it.
if (STAND_IN_PLATFORM) await openChromium();
if (STAND_IN_PLATFORM) Object.defineProperty(process, 'platform', { value: STAND_IN_PLATFORM });
answerTest();
process.on('SIGTERM', () => app.quit());

// Ready is what Electron becomes after its main module, and not before: a module that waits for it waits for ever.
await import(pathToFileURL(resolve(main)).href);
await app.launched();
