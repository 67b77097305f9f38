import { join } from 'node:path';
import { app, BrowserWindow, type Details, dialog, nativeTheme, screen } from 'electron';
import { PAGE_ADDRESS } from './app-scheme.ts';
import { JsonFile } from './json-file.ts';
import { guardPage } from './page-guard.ts';
import { placeWindow, SMALLEST_WINDOW, type WindowState, windowStateSchema } from './window-state.ts';
import type { Words } from './words.ts';

interface MainWindowOptions {
  /** Folder of what is remembered. */
  state: string;
  preload: string;
  words: () => Words;
}

/** Behind the page until it has painted, so that nothing flashes. */
const BACKGROUND = { dark: '#1b1b1b', light: '#f4f4f4' };
/** Electron's word for a load that another one has taken the place of. */
const ABORTED = 'ERR_ABORTED';

/** The window: one at most, opened again where the user has closed it and the application goes on (macOS). */
export class MainWindow {
  readonly #options: MainWindowOptions;
  readonly #file: JsonFile<WindowState>;
  #left: WindowState | undefined;
  #window: BrowserWindow | undefined;

  private constructor(
    options: MainWindowOptions,
    file: JsonFile<WindowState>,
    left: WindowState | undefined,
  ) {
    this.#options = options;
    this.#file = file;
    this.#left = left;
  }

  static async prepare(options: MainWindowOptions): Promise<MainWindow> {
    const file = new JsonFile(join(options.state, 'window.json'), windowStateSchema);
    return new MainWindow(options, file, await file.read());
  }

  get current(): BrowserWindow | undefined {
    return this.#window;
  }

  /** Brings the window to the front; opens it where there is none. */
  show(): void {
    if (!this.#window) this.#open();
    else {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
    }
  }

  /** Resolves when its place is remembered. */
  settled(): Promise<void> {
    return this.#file.settled();
  }

  #open(): void {
    const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea);
    const { maximised, ...place } = placeWindow(this.#left, areas);
    const window = new BrowserWindow({
      ...place,
      minWidth: SMALLEST_WINDOW.width,
      minHeight: SMALLEST_WINDOW.height,
      title: 'Enlarger',
      show: false,
      backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
      webPreferences: {
        preload: this.#options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        // Its dictionaries would be fetched from elsewhere.
        spellcheck: false,
      },
    });
    this.#window = window;
    if (maximised) window.maximize();
    window.once('ready-to-show', () => window.show());
    window.on('close', () => this.#remember(window));
    const load = () => void this.#load(window);
    const reload = guardPage(window.webContents, { load, ask: () => this.#ask(window) });
    const processGone = (_: unknown, { type, reason }: Details) => {
      // Chromium starts another one; what the page had drawn with the first is gone.
      if (type === 'GPU' && reason !== 'clean-exit') void reload();
    };
    app.on('child-process-gone', processGone);
    window.on('closed', () => {
      app.off('child-process-gone', processGone);
      this.#window = undefined;
    });
    load();
  }

  async #load(window: BrowserWindow): Promise<void> {
    try {
      await window.loadURL(PAGE_ADDRESS);
    } catch (error) {
      if (window.isDestroyed() || String(error).includes(ABORTED)) return;
      dialog.showErrorBox('Enlarger', `The page cannot be shown. Install Enlarger again. (${error})`);
      app.quit();
    }
  }

  async #ask(window: BrowserWindow): Promise<boolean> {
    const { pageFails, pageFailsDetail, tryAgain, quit } = this.#options.words();
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      message: pageFails,
      detail: pageFailsDetail,
      buttons: [tryAgain, quit],
      defaultId: 0,
      cancelId: 1,
    });
    if (response !== 0) app.quit();
    return response === 0;
  }

  #remember(window: BrowserWindow): void {
    this.#left = { bounds: window.getNormalBounds(), maximised: window.isMaximized() };
    void this.#file.write(this.#left);
  }
}
