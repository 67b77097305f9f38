import type { MenuItemConstructorOptions as Item } from 'electron';
import type { Words } from './words.ts';

/** What the menu has done that no role does. */
export interface MenuActions {
  open: () => void;
  openFolder: () => void;
  export: () => void;
  settings: () => void;
}

interface MenuOptions {
  words: Words;
  actions: MenuActions;
  /** Menus as on macOS. */
  mac: boolean;
  /** With what only developers need. */
  developing: boolean;
}

const LINE: Item = { type: 'separator' };

/** The menu of the application. */
export function menuTemplate(options: MenuOptions): Item[] {
  const { mac, words } = options;
  const about: Item = { role: 'about', label: words.about };
  return [
    ...(mac ? [appMenu(options, about)] : []),
    fileMenu(options),
    editMenu(words),
    viewMenu(options),
    windowMenu(options),
    ...(mac ? [] : [{ role: 'help', label: words.help, submenu: [about] } satisfies Item]),
  ];
}

function appMenu({ words, actions }: MenuOptions, about: Item): Item {
  return {
    label: 'Enlarger',
    submenu: [
      about,
      LINE,
      settingsItem(words, actions),
      LINE,
      { role: 'services', label: words.services },
      LINE,
      { role: 'hide', label: words.hide },
      { role: 'hideOthers', label: words.hideOthers },
      { role: 'unhide', label: words.showAll },
      LINE,
      { role: 'quit', label: words.quit },
    ],
  };
}

function fileMenu({ words, actions, mac }: MenuOptions): Item {
  const recent: Item = {
    role: 'recentDocuments',
    label: words.recent,
    submenu: [{ role: 'clearRecentDocuments', label: words.clearRecent }],
  };
  return {
    label: words.file,
    submenu: [
      { label: words.open, accelerator: 'CmdOrCtrl+O', click: actions.open },
      { label: words.openFolder, accelerator: 'CmdOrCtrl+Shift+O', click: actions.openFolder },
      ...(mac ? [recent] : []),
      LINE,
      { label: words.export, accelerator: 'CmdOrCtrl+E', click: actions.export },
      ...(mac ? [] : [LINE, settingsItem(words, actions)]),
      LINE,
      mac ? { role: 'close', label: words.close } : { role: 'quit', label: words.quit },
    ],
  };
}

function settingsItem(words: Words, actions: MenuActions): Item {
  return { label: words.settings, accelerator: 'CmdOrCtrl+,', click: actions.settings };
}

function editMenu(words: Words): Item {
  return {
    label: words.edit,
    submenu: [
      { role: 'undo', label: words.undo },
      { role: 'redo', label: words.redo },
      LINE,
      { role: 'cut', label: words.cut },
      { role: 'copy', label: words.copy },
      { role: 'paste', label: words.paste },
      { role: 'delete', label: words.delete },
      LINE,
      { role: 'selectAll', label: words.selectAll },
    ],
  };
}

function viewMenu({ words, developing }: MenuOptions): Item {
  const forDevelopers: Item[] = [
    { role: 'reload', label: words.reload },
    { role: 'toggleDevTools', label: words.developerTools },
    LINE,
  ];
  return {
    label: words.view,
    submenu: [
      ...(developing ? forDevelopers : []),
      { role: 'resetZoom', label: words.actualSize },
      { role: 'zoomIn', label: words.zoomIn },
      { role: 'zoomOut', label: words.zoomOut },
      LINE,
      { role: 'togglefullscreen', label: words.fullScreen },
    ],
  };
}

function windowMenu({ words, mac }: MenuOptions): Item {
  const macItems: Item[] = [{ role: 'zoom', label: words.zoom }, LINE, { role: 'front', label: words.front }];
  return {
    role: 'window',
    label: words.window,
    submenu: [
      { role: 'minimize', label: words.minimise },
      ...(mac ? macItems : [{ role: 'close', label: words.close } satisfies Item]),
    ],
  };
}
