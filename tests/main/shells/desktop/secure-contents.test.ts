import { EventEmitter } from 'node:events';
import type { App, Session, WebContents } from 'electron';
import { expect, it } from 'vitest';
import { isFromOwnPage } from '../../../../src/main/shells/desktop/own-page.ts';
import { secureAllContents, secureSession } from '../../../../src/main/shells/desktop/secure-contents.ts';

/** Whether contents refuse what an event asks for. */
function refuses(name: string, details: object = {}): boolean {
  const app = new EventEmitter();
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: () => {} });
  secureAllContents(app as unknown as App);
  app.emit('web-contents-created', {}, contents);
  let prevented = false;
  const preventDefault = () => {
    prevented = true;
  };
  contents.emit(name, { ...details, preventDefault });
  return prevented;
}

it.each([
  ['will-navigate', { url: 'https://example.com/' }, true],
  ['will-navigate', { url: 'app://enlarger/' }, false],
  ['will-frame-navigate', { url: 'app://enlarger/', isMainFrame: true }, false],
  ['will-frame-navigate', { url: 'app://enlarger/', isMainFrame: false }, true],
  ['will-frame-navigate', { url: 'data:text/html,x', isMainFrame: true }, true],
  ['will-redirect', { url: 'app://enlarger/' }, true],
  ['will-attach-webview', {}, true],
])('%s %j is refused: %s', (name, details, refused) => {
  expect(refuses(name, details)).toBe(refused);
});

it('opens no windows', () => {
  const app = new EventEmitter();
  const handlers: (() => unknown)[] = [];
  secureAllContents(app as unknown as App);
  const setWindowOpenHandler = (handler: () => unknown) => handlers.push(handler);
  app.emit('web-contents-created', {}, Object.assign(new EventEmitter(), { setWindowOpenHandler }));
  expect(handlers.map((handler) => handler())).toEqual([{ action: 'deny' }]);
});

it('grants nothing and lets nothing out', () => {
  const answers: unknown[] = [];
  const session = {
    setPermissionRequestHandler: (handler: (...args: unknown[]) => void) =>
      handler({}, 'media', (granted: boolean) => answers.push(granted)),
    setPermissionCheckHandler: (handler: () => boolean) => answers.push(handler()),
    setDevicePermissionHandler: (handler: () => boolean) => answers.push(handler()),
    webRequest: {
      onBeforeRequest: (filter: { urls: string[] }, handler: (...args: unknown[]) => void) => {
        handler({}, (response: unknown) => answers.push(filter.urls.includes('https://*/*'), response));
      },
    },
  };
  secureSession(session as unknown as Session);
  expect(answers).toEqual([false, false, false, true, { cancel: true }]);
});

const main = { parent: null, frameTreeNodeId: 1, origin: 'app://enlarger' };
it.each([
  ['the main frame of the page', main, true],
  ['a main frame that has gone elsewhere', { ...main, origin: 'https://example.com' }, false],
  ['a main frame of no origin', { ...main, origin: 'null' }, false],
  ['a frame inside it', { ...main, frameTreeNodeId: 2, parent: main }, false],
  ['a main frame of another window', { ...main, frameTreeNodeId: 3 }, false],
  ['a frame that is gone', null, false],
])('%s is our own page', (_, senderFrame, own) => {
  const sender = { mainFrame: main } as unknown as WebContents;
  expect(isFromOwnPage({ sender, senderFrame: senderFrame as WebContents['mainFrame'] | null })).toBe(own);
});
