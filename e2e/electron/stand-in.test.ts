import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../tests/support/pictures.ts';
import { DesktopApp } from './desktop-app.ts';

/** An application of these two files, started; what it says comes with `told`. */
async function start(main: string, preload = '') {
  const installation = await temporaryFolder();
  await mkdir(join(installation, 'out', 'main'), { recursive: true });
  await writeFile(join(installation, 'package.json'), '{"type":"module"}');
  await writeFile(join(installation, 'preload.cjs'), preload);
  await writeFile(
    join(installation, 'out', 'main', 'index.js'),
    `import { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, protocol, screen, session } from 'electron';
     const say = (text) => dialog.showErrorBox('', String(text));
     const trying = (act) => { try { act(); say('done'); } catch (error) { say(error.message); } };
     const scheme = { scheme: 'app', privileges: { standard: true, secure: true } };
     const html = { headers: { 'content-type': 'text/html' } };
     const show = (page, webPreferences) => {
       protocol.handle('app', () => new Response(page, html));
       const window = new BrowserWindow({ webPreferences: { sandbox: true, ...webPreferences } });
       window.loadURL('app://enlarger/').then(() => say('shown'));
       return window;
     };
     const preload = ${JSON.stringify(join(installation, 'preload.cjs'))};
     ${main}`,
  );
  const app = await DesktopApp.start({ installation });
  const told = async (count: number) => {
    const entries = (await app.do('logAfter', { what: 'error', count })) as { content: string }[];
    return entries.map(({ content }) => content);
  };
  return { app, told };
}

// A stand-in that allows more than Electron does proves nothing: these show that it does not.

it('refuses before it is ready what Electron refuses, and after what must come before', async () => {
  const { told } = await start(`
    trying(() => new BrowserWindow());
    trying(() => protocol.handle('app', () => {}));
    trying(() => Menu.setApplicationMenu(null));
    trying(() => screen.getPrimaryDisplay());
    trying(() => session.defaultSession);
    app.whenReady().then(() => {
      trying(() => protocol.registerSchemesAsPrivileged([scheme]));
      trying(() => app.enableSandbox());
      trying(() => protocol.handle('app', () => {}));
    });`);
  expect(await told(8)).toEqual([
    'BrowserWindow cannot be used before the app is ready.',
    'protocol.handle cannot be used before the app is ready.',
    'Menu.setApplicationMenu cannot be used before the app is ready.',
    'screen cannot be used before the app is ready.',
    'session cannot be used before the app is ready.',
    'protocol.registerSchemesAsPrivileged should be called before the app is ready.',
    'app.enableSandbox should be called before the app is ready.',
    'app: would have no origin.',
  ]);
});

it('is never ready for a main module that waits for it', async () => {
  const { app, told } = await start(`
    app.whenReady().then(() => say('ready'));
    setImmediate(() => setImmediate(() => say('waited')));
    await app.whenReady();
    say('gone on');`);
  expect(await told(1)).toEqual(['waited']);
  await app.do('quit');
  await app.exit;
});

it('gives preloads Electron’s sandboxed modules, and nothing else', async () => {
  const preload = `
    const { contextBridge, ipcRenderer } = require('electron');
    const names = ['node:fs', 'child_process', './other.cjs', 'events', 'timers', 'url', 'electron/main'];
    const found = names.filter((name) => { try { return require(name) } catch { return false } });
    contextBridge.exposeInMainWorld('found', { modules: found, process: typeof process, clone: () => [1, { a: new Date(0) }] });
    window.secret = 'of the preload';`;
  const { app } = await start(
    `protocol.registerSchemesAsPrivileged([scheme]);
     app.whenReady().then(() => show('<title>x</title>', { preload }));`,
    preload,
  );
  const seen = await app.evaluate(() => {
    const { found, secret } = window as unknown as {
      found: { modules: string[]; process: string; clone: () => [number, { a: Date }] };
      secret: unknown;
    };
    const [one, { a }] = found.clone();
    return {
      ...found,
      clone: [one, a instanceof Date],
      secret: typeof secret,
    };
  });
  expect(seen).toEqual({
    modules: ['events', 'timers', 'url'],
    process: 'undefined',
    clone: [1, true],
    secret: 'undefined',
  });
});

it('carries ports by messages only, and closes them with their page', async () => {
  const preload = `
    const { ipcRenderer } = require('electron');
    ipcRenderer.on('port', ({ ports }) => window.postMessage('port', location.origin, ports));
    ipcRenderer.send('hello', 1, { two: new Uint8Array([2]) });`;
  const { app, told } = await start(
    `protocol.registerSchemesAsPrivileged([scheme]);
     ipcMain.on('hello', (event, one, { two }) => {
       say([one, two[0], event.senderFrame.origin]);
       const { port1, port2 } = new MessageChannelMain();
       port1.on('message', ({ data }) => { say(data); });
       port1.on('close', () => say('closed'));
       port1.start();
       event.sender.postMessage('port', null, [port2]);
       trying(() => port2.postMessage('too late'));
       trying(() => port1.postMessage(() => 1));
     });
     app.whenReady().then(() => show('<script>onmessage = ({ ports: [port] }) => port?.postMessage("from the page")</script>', { preload }));`,
    preload,
  );
  const first = await told(5);
  expect(first.toSorted()).toEqual(
    [
      '1,2,app://enlarger',
      '() => 1 could not be cloned.',
      'The port has been transferred.',
      'from the page',
      'shown',
    ].toSorted(),
  );
  await app.evaluate(() => location.reload());
  expect((await told(10)).filter((text) => text === 'closed')).toEqual(['closed']);
});
