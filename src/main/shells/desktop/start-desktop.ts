import { join } from 'node:path';
import { app, BrowserWindow } from 'electron';
import { installationFolder } from '../../installation.ts';

/** Opens Enlarger's window: sandboxed, without Node, and with nowhere to navigate to. */
export async function startDesktop(): Promise<void> {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
  app.on('window-all-closed', () => app.quit());
  await app.whenReady();
  const out = join(installationFolder(), 'out');
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    backgroundColor: '#1b1b1b',
    webPreferences: { preload: join(out, 'preload', 'index.cjs'), sandbox: true, contextIsolation: true },
  });
  await window.loadFile(join(out, 'renderer', 'index.html'));
}
