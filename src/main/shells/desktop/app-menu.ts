import { app, Menu, nativeTheme } from 'electron';
import type { PageCommand } from '../../../shared/contract/events.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { SettingsFile } from '../../application/settings-file.ts';
import { menuTemplate } from './menu-template.ts';
import { wordsFor } from './words.ts';

interface Actions {
  open: () => Promise<void>;
  openFolder: () => Promise<void>;
  command: (command: PageCommand) => void;
}

/** The application's menu and the system's view of its theme, as the settings say at any time. */
export class AppMenu implements Disposable {
  readonly #actions: Actions;
  #end: () => void = () => {};
  #language: Settings['language'] | undefined;

  private constructor(actions: Actions) {
    this.#actions = actions;
  }

  static follow(settings: Pick<SettingsFile, 'get' | 'onChange'>, actions: Actions): AppMenu {
    const menu = new AppMenu(actions);
    menu.#apply(settings.get());
    menu.#end = settings.onChange((now) => menu.#apply(now));
    return menu;
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  #apply({ theme, language }: Settings): void {
    nativeTheme.themeSource = theme;
    if (language === this.#language) return;
    this.#language = language;
    const { open, openFolder, command } = this.#actions;
    const template = menuTemplate({
      words: wordsFor(language, app.getPreferredSystemLanguages()),
      actions: {
        open: () => void open(),
        openFolder: () => void openFolder(),
        export: () => command('export'),
        settings: () => command('settings'),
      },
      mac: process.platform === 'darwin',
      developing: !app.isPackaged,
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }
}
