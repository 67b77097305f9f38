import { EventEmitter } from 'node:events';
import type * as Electron from 'electron';
import { choose, chosen, log } from './log.ts';
import { expectReady } from './readiness.ts';

/** Dialogs, menus, notifications and the like: noted down, and answered as a test has said. */

export const dialog = {
  async showOpenDialog(...args: unknown[]) {
    expectReady('dialog');
    const options = args.at(-1) as Electron.OpenDialogOptions;
    log('dialog', options);
    const filePaths = chosen();
    return { canceled: filePaths.length === 0, filePaths };
  },
  async showMessageBox(...args: unknown[]) {
    expectReady('dialog');
    log('message', args.at(-1));
    const [button = '0'] = chosen();
    return { response: Number(button), checkboxChecked: false };
  },
  showErrorBox: (title: string, content: string) => log('error', { title, content }),
} satisfies Pick<typeof Electron.dialog, 'showOpenDialog' | 'showMessageBox' | 'showErrorBox'>;

export const shell = {
  showItemInFolder: (path: string) => log('reveal', path),
} satisfies Pick<typeof Electron.shell, 'showItemInFolder'>;

let blockers = 0;
export const powerSaveBlocker = {
  start(type: 'prevent-app-suspension' | 'prevent-display-sleep') {
    expectReady('powerSaveBlocker');
    log('awake', { type });
    return ++blockers;
  },
  stop(id: number) {
    log('asleep', { id });
    return true;
  },
} satisfies Pick<typeof Electron.powerSaveBlocker, 'start' | 'stop'>;

export const nativeTheme: Pick<typeof Electron.nativeTheme, 'themeSource' | 'shouldUseDarkColors'> = {
  themeSource: 'system',
  get shouldUseDarkColors() {
    return this.themeSource !== 'light';
  },
};

const DISPLAY = { workArea: { x: 0, y: 0, width: 1920, height: 1080 } } as Electron.Display;
export const screen = {
  getPrimaryDisplay() {
    expectReady('screen');
    return DISPLAY;
  },
  getAllDisplays: () => [DISPLAY],
} satisfies Pick<typeof Electron.screen, 'getPrimaryDisplay' | 'getAllDisplays'>;

type Image = Pick<Electron.NativeImage, 'isEmpty'>;
export const nativeImage = {
  createFromDataURL(url: string) {
    return { isEmpty: () => !url.startsWith('data:image/png;base64,') } as Electron.NativeImage;
  },
} satisfies Pick<typeof Electron.nativeImage, 'createFromDataURL'>;

/** The icon of any file. */
export function fileIcon(): Image {
  return { isEmpty: () => false };
}

export class Notification extends EventEmitter {
  readonly #options: Electron.NotificationConstructorOptions;

  constructor(options: Electron.NotificationConstructorOptions) {
    super();
    expectReady('Notification');
    this.#options = options;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    log('notification', this.#options);
  }

  close(): void {
    this.emit('close');
  }
}

type Items = Electron.MenuItemConstructorOptions[];
let current: Items = [];
export const Menu = {
  buildFromTemplate(template: Items) {
    const unknown = flat(template).find(({ role, label, type }) => !role && !label && !type);
    if (unknown)
      throw new Error('Invalid template for MenuItem: must have at least one of label, role or type');
    return { template } as unknown as Electron.Menu;
  },
  setApplicationMenu(menu: Electron.Menu | null) {
    expectReady('Menu.setApplicationMenu');
    current = (menu as unknown as { template: Items } | null)?.template ?? [];
  },
} satisfies Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu'>;

function flat(items: Items): Items {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

/** Labels of the menus at the top. */
export function menus(): string[] {
  return current.map(({ label = '' }) => label);
}

/** What happens when the user presses these keys, and, of a dialog that opens, chooses these paths. */
export function press(accelerator: string, paths: string[]): void {
  if (paths.length > 0) choose(paths);
  const item = flat(current).find((one) => one.accelerator === accelerator);
  if (!item?.click) throw new Error(`No menu item has the accelerator ${accelerator}.`);
  (item.click as () => void)();
}
