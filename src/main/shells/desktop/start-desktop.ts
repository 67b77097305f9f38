import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog, protocol } from 'electron';
import { stateFolder } from '../../installation.ts';
import { APP_SCHEME } from './app-scheme.ts';
import { Desktop } from './desktop.ts';
import { HandedOver } from './handed-over.ts';
import { secureAllContents } from './secure-contents.ts';

/** As electron-builder.yml has it: Windows shows notifications of applications that it knows by this name. */
const APP_ID = 'app.enlarger.desktop';

/**
 * Starts the desktop shell, or hands over to the one that is running. Returns before Electron is ready, which it becomes
 * only after its main module has come to its end: who waits for it there waits for ever (electron/electron#40719).
 */
export function startDesktop(): void {
  const state = stateFolder();
  protocol.registerSchemesAsPrivileged([APP_SCHEME]);
  app.enableSandbox();
  app.setAppUserModelId(APP_ID);
  // One instance for each folder of what is remembered, and Chromium's own things inside it.
  const browserData = join(state, 'window');
  mkdirSync(browserData, { recursive: true });
  app.setPath('userData', browserData);

  const handed = HandedOver.listen(app);
  if (!app.requestSingleInstanceLock(handed.pending)) {
    app.quit();
    return;
  }
  secureAllContents(app);
  const starting = app.whenReady().then(() => Desktop.start(state));
  listen(starting, handed);
  starting.then((desktop) => {
    desktop.show();
    handed.deliver((paths) => void desktop.offer(paths));
  }, fail);
}

function listen(starting: Promise<Desktop>, handed: HandedOver): void {
  const show = () => {
    starting.then(
      (desktop) => desktop.show(),
      () => {},
    );
  };
  app.on('activate', show);
  app.on('second-instance', (_event, _argv, _folder, left) => {
    handed.takeOver(left);
    show();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  quitCleanly(starting);
}

/** What is in work is paused, to go on at the next start, before the process ends. */
function quitCleanly(starting: Promise<Desktop>): void {
  let ending = false;
  app.on('will-quit', (event) => {
    if (!app.isReady()) return;
    event.preventDefault();
    if (ending) return;
    ending = true;
    const disposed = starting.then((desktop) => desktop[Symbol.asyncDispose]());
    void disposed.catch(() => {}).then(() => app.exit());
  });
}

function fail(error: unknown): void {
  dialog.showErrorBox('Enlarger', error instanceof Error ? error.message : String(error));
  app.exit(1);
}
