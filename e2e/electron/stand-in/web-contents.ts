import { EventEmitter } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { HandlerDetails, WebPreferences } from 'electron';
import type { Page } from 'playwright';
import { fromShown, originOf, toShown } from './addresses.ts';
import { openChromium } from './chromium.ts';
import { ipcMain } from './ipc-main.ts';
import { log } from './log.ts';
import type { StandInPort } from './ports.ts';
import { RendererLink } from './renderer-link.ts';
import { watchNavigations } from './routes.ts';

type OpenHandler = (details: Pick<HandlerDetails, 'url'>) => { action: 'allow' | 'deny' };

/** A frame as main sees it. */
export interface StandInFrame {
  frameTreeNodeId: number;
  origin: string;
  url: string;
  parent: StandInFrame | null;
}

let lastId = 0;

/** A page of Chromium's, as main sees it. */
export class StandInContents extends EventEmitter {
  readonly id = ++lastId;
  readonly #preload: string;
  #openHandler: OpenHandler = () => ({ action: 'allow' });
  #opened: Promise<{ page: Page; link: RendererLink }> | undefined;
  /** The line of the page that is shown; nobody hears what is said before there is one. */
  #link: RendererLink | undefined;
  #url = '';
  /** Where main itself is about to go. */
  #going: string | undefined;
  #destroyed = false;
  /** Resolves when main has loaded what it wants to be seen; anew after a crash. */
  #loaded = Promise.withResolvers<void>();

  constructor({ preload, sandbox, contextIsolation, nodeIntegration }: WebPreferences) {
    super();
    if (!sandbox || contextIsolation === false || nodeIntegration) {
      throw new Error('Only sandboxed and isolated pages without Node are stood in for.');
    }
    this.#preload = preload ? readFileSync(preload, 'utf8') : '';
  }

  get mainFrame(): StandInFrame {
    return { frameTreeNodeId: this.id, origin: originOf(this.#url), url: this.#url, parent: null };
  }

  /** The page that is shown now, once it is; another one after the first has crashed. */
  async page(): Promise<Page> {
    await this.#loaded.promise;
    return (await this.#shown()).page;
  }

  async loadURL(url: string): Promise<void> {
    const { page } = await this.#shown();
    this.#going = url;
    const response = await page.goto(toShown(url));
    if (!response?.ok()) throw new Error(`ERR_FAILED loading '${url}'`);
    this.#loaded.resolve();
    this.emit('did-finish-load');
  }

  postMessage(channel: string, message: unknown, transfer: StandInPort[] = []): void {
    this.#link?.message(channel, [message], transfer);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  startDrag({ file, files, icon }: { file: string; files?: string[]; icon: { isEmpty(): boolean } }): void {
    if (icon.isEmpty()) throw new Error('Must specify non-empty icon');
    log('drag', { file, files });
  }

  forcefullyCrashRenderer(): void {
    // The command is never answered: who would answer it is gone.
    void this.#shown().then(({ link }) => link.cdp.send('Page.crash').catch(() => {}));
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** A message from a frame that need not be this page's own. */
  forge(frame: StandInFrame | null, channel: string, args: unknown[]): Promise<unknown> {
    const event = { sender: this, senderFrame: frame };
    ipcMain.receive(channel, event as never, args);
    return ipcMain.invoke(channel, event as never, args);
  }

  /** Drops files on the page, as the system does. */
  async drop(paths: string[]): Promise<void> {
    const { link } = await this.#shown();
    const files = paths.map((path) => ({ path, name: basename(path), size: statSync(path).size }));
    await link.expectFiles(files);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await link.cdp.send('Input.dispatchDragEvent', { type, x: 50, y: 50, data });
    }
  }

  async destroy(): Promise<void> {
    this.#destroyed = true;
    const { page, link } = await this.#shown();
    link.close();
    await page.close();
    this.emit('destroyed');
  }

  #shown(): Promise<{ page: Page; link: RendererLink }> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open() {
    const { context } = await openChromium();
    const page = await context.newPage();
    const link = await RendererLink.open(page, this.#preload, {
      send: (channel, args) => ipcMain.receive(channel, this.#event(), args),
      invoke: (channel, args) => ipcMain.invoke(channel, this.#event(), args),
    });
    this.#link = link;
    watchNavigations(page, (url, isMainFrame) => this.#allows(url, isMainFrame));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#url = fromShown(frame.url());
    });
    link.cdp.on('Page.windowOpen', ({ url }) => this.#openWindow(url));
    page.on('popup', (popup) => void popup.close());
    page.on('pageerror', (error) => log('page-error', String(error)));
    page.on('crash', () => {
      this.#opened = undefined;
      this.#link = undefined;
      this.#loaded = Promise.withResolvers();
      link.close();
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    });
    return { page, link };
  }

  #event() {
    return { sender: this, senderFrame: this.mainFrame } as never;
  }

  #allows(url: string, isMainFrame: boolean): boolean {
    if (isMainFrame && url === this.#going) {
      this.#going = undefined;
      return true;
    }
    let prevented = false;
    const event = {
      url,
      isMainFrame,
      isSameDocument: false,
      preventDefault: () => {
        prevented = true;
      },
    };
    this.emit('will-frame-navigate', event);
    if (isMainFrame) this.emit('will-navigate', event, url);
    log('navigation', { url, prevented });
    return !prevented;
  }

  #openWindow(url: string): void {
    const { action } = this.#openHandler({ url: fromShown(url) });
    log('window', { url: fromShown(url), action });
    if (action !== 'deny') throw new Error('No second window is stood in for.');
  }
}
