import type { App, Session, WebContents } from 'electron';
import { isPageAddress } from './app-scheme.ts';

/** Everything that could come from elsewhere. */
const NETWORK = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*'];

/** Keeps every page where it is, from now on: nothing else is navigated to, opened or attached. */
export function secureAllContents(app: App): void {
  app.on('web-contents-created', (_, contents) => secure(contents));
}

function secure(contents: WebContents): void {
  // The page may load itself again, and that is all.
  contents.on('will-navigate', (event) => {
    if (!isPageAddress(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isPageAddress(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Denies a session's pages every permission, every device and all of the network. */
export function secureSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest({ urls: NETWORK }, (_details, answer) => answer({ cancel: true }));
}
