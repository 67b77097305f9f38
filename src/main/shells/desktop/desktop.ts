import { join } from 'node:path';
import { app, protocol, session } from 'electron';
import { Application } from '../../application/application.ts';
import { desktopPlaces, resultsFolder } from '../../application/places.ts';
import { TokenStore } from '../../application/token-store.ts';
import { installationFolder } from '../../installation.ts';
import { createRouter } from '../../router/router.ts';
import { AppMenu } from './app-menu.ts';
import { answerApp } from './app-scheme.ts';
import { desktopEngineHost } from './desktop-engine-host.ts';
import { followWork } from './follow-work.ts';
import { MainWindow } from './main-window.ts';
import { answerPreload } from './page-lines.ts';
import { pageProcesses } from './page-processes.ts';
import { RecentFolders } from './recent-folders.ts';
import { secureSession } from './secure-contents.ts';
import { electronSystem } from './system.ts';
import { wordsFor } from './words.ts';

interface Parts {
  application: Application;
  window: MainWindow;
  stack: AsyncDisposableStack;
}

/** The desktop shell, as it runs. Disposing of it pauses what is in work, to go on at the next start. */
export class Desktop implements AsyncDisposable {
  readonly #application: Application;
  readonly #window: MainWindow;
  readonly #stack: AsyncDisposableStack;

  private constructor({ application, window, stack }: Parts) {
    this.#application = application;
    this.#window = window;
    this.#stack = stack;
  }

  /** Starts everything but the window; Electron must be ready. Throws as `startServices` does. */
  static async start(state: string): Promise<Desktop> {
    const stack = new AsyncDisposableStack();
    try {
      const desktop = await Desktop.#assemble(stack, state);
      const { services } = desktop.#application;
      if (services.settings.get().resumeAtStart) await desktop.#application.resumeUnfinished();
      return desktop;
    } catch (error) {
      await stack.disposeAsync();
      throw error;
    }
  }

  static async #assemble(stack: AsyncDisposableStack, state: string): Promise<Desktop> {
    const places = desktopPlaces({ tokens: new TokenStore(), results: resultsFolder(state) });
    const host = desktopEngineHost();
    const pages = () => pageProcesses(app.getAppMetrics());
    const options = { shell: 'desktop', places, state, host, pages } as const;
    const application = stack.use(await Application.start(options));
    const { services } = application;
    const words = () => wordsFor(services.settings.get().language, app.getPreferredSystemLanguages());

    const recent = await RecentFolders.open(state);
    stack.defer(() => recent.settled());
    const out = join(installationFolder(), 'out');
    const window = await MainWindow.prepare({ state, words, preload: join(out, 'preload', 'index.cjs') });
    stack.defer(() => window.settled());
    const system = electronSystem({ window: () => window.current, words, recent });

    secureSession(session.defaultSession);
    const renderer = join(out, 'renderer');
    protocol.handle('app', answerApp({ renderer, media: services.media }));
    const offerTokens = async (paths: readonly string[]) => {
      const offered = await Promise.allSettled(paths.map((path) => places.tokens.offer(path)));
      return offered.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    };
    stack.defer(answerPreload(createRouter(application, system), offerTokens));

    const desktop = new Desktop({ application, window, stack });
    stack.use(
      AppMenu.follow(services.settings, {
        open: async () => desktop.offer(await system.pickPictures()),
        openFolder: async () => desktop.offer(await system.pickFolders()),
        command: (command) => {
          desktop.show();
          services.events.command(command);
        },
      }),
    );
    stack.use(followWork(application, { window, words, recent }));
    return desktop;
  }

  /** Brings the window to the front; opens it where there is none. */
  show(): void {
    this.#window.show();
  }

  /** Hands pictures and folders to the page. */
  async offer(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    this.show();
    for (const path of paths) app.addRecentDocument(path);
    await this.#application.offer(paths);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
