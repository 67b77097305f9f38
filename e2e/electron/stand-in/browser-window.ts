import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { app } from './app.ts';
import { log } from './log.ts';
import { expectReady } from './readiness.ts';
import { StandInContents } from './web-contents.ts';

let lastId = 0;
const windows = new Set<BrowserWindow>();
let opening = Promise.withResolvers<void>();

/** A window without a frame around it: one page of Chromium's. */
export class BrowserWindow extends EventEmitter {
  readonly id = ++lastId;
  readonly webContents: StandInContents;
  readonly #bounds: Rectangle;
  #maximised = false;
  #focused = true;
  #destroyed = false;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    expectReady('BrowserWindow');
    const { x = 0, y = 0, width = 800, height = 600, webPreferences = {} } = options;
    this.#bounds = { x, y, width, height };
    log('window-opened', this.#bounds);
    windows.add(this);
    opening.resolve();
    this.webContents = new StandInContents(webPreferences);
    app.emit('web-contents-created', {}, this.webContents);
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
  }

  /** The window that is open, as soon as there is one. */
  static async opened(): Promise<BrowserWindow> {
    for (;;) {
      const [first] = windows;
      if (first) return first;
      opening = Promise.withResolvers();
      await opening.promise;
    }
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }

  show(): void {
    log('shown', this.id);
  }

  focus(): void {
    this.#focused = true;
    log('focused', this.id);
  }

  blur(): void {
    this.#focused = false;
  }

  isFocused(): boolean {
    return this.#focused;
  }

  isMinimized(): boolean {
    return false;
  }

  restore(): void {}

  maximize(): void {
    this.#maximised = true;
  }

  isMaximized(): boolean {
    return this.#maximised;
  }

  getNormalBounds(): Rectangle {
    return this.#bounds;
  }

  setBounds(bounds: Partial<Rectangle>): void {
    Object.assign(this.#bounds, bounds);
  }

  setProgressBar(progress: number, options: { mode?: string } = {}): void {
    log('progress', { progress, ...options });
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** Asks the window to close, as its button does. */
  close(): void {
    if (this.#destroyed) return;
    let prevented = false;
    const preventDefault = () => {
      prevented = true;
    };
    this.emit('close', { preventDefault });
    if (prevented) return;
    this.#destroyed = true;
    windows.delete(this);
    void this.webContents.destroy().then(() => {
      this.emit('closed');
      if (windows.size === 0) app.emit('window-all-closed');
    });
  }
}
