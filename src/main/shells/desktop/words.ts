import type { Settings } from '../../../shared/contract/settings.ts';

type Language = Exclude<Settings['language'], 'system'>;

/** What the system shows for us: menus, dialogs, notifications. */
export interface Words {
  about: string;
  services: string;
  hide: string;
  hideOthers: string;
  showAll: string;
  quit: string;
  file: string;
  open: string;
  openFolder: string;
  recent: string;
  clearRecent: string;
  export: string;
  settings: string;
  close: string;
  edit: string;
  undo: string;
  redo: string;
  cut: string;
  copy: string;
  paste: string;
  delete: string;
  selectAll: string;
  view: string;
  actualSize: string;
  zoomIn: string;
  zoomOut: string;
  fullScreen: string;
  reload: string;
  developerTools: string;
  window: string;
  minimise: string;
  zoom: string;
  front: string;
  help: string;
  pictures: string;
  allFiles: string;
  chooseOut: string;
  choose: string;
  /** Of a batch: `done` results. */
  finished: (done: number) => string;
  finishedPartly: (done: number, failed: number) => string;
  pageFails: string;
  pageFailsDetail: string;
  tryAgain: string;
}

const ENGLISH: Words = {
  about: 'About Enlarger',
  services: 'Services',
  hide: 'Hide Enlarger',
  hideOthers: 'Hide Others',
  showAll: 'Show All',
  quit: 'Quit Enlarger',
  file: 'File',
  open: 'Open…',
  openFolder: 'Open Folder…',
  recent: 'Open Recent',
  clearRecent: 'Clear Menu',
  export: 'Export…',
  settings: 'Settings…',
  close: 'Close Window',
  edit: 'Edit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  delete: 'Delete',
  selectAll: 'Select All',
  view: 'View',
  actualSize: 'Text Size: Default',
  zoomIn: 'Larger Text',
  zoomOut: 'Smaller Text',
  fullScreen: 'Full Screen',
  reload: 'Reload',
  developerTools: 'Developer Tools',
  window: 'Window',
  minimise: 'Minimize',
  zoom: 'Zoom',
  front: 'Bring All to Front',
  help: 'Help',
  pictures: 'Pictures',
  allFiles: 'All files',
  chooseOut: 'Choose a folder for the results',
  choose: 'Choose',
  finished: (done) => (done === 1 ? '1 picture is enlarged.' : `${done} pictures are enlarged.`),
  finishedPartly: (done, failed) =>
    `${done === 1 ? '1 picture is' : `${done} pictures are`} enlarged, ${failed} could not be.`,
  pageFails: 'The window keeps failing.',
  pageFailsDetail: 'Your pictures are safe, and what was begun goes on. Try again, or start Enlarger anew.',
  tryAgain: 'Try Again',
};

const CHINESE: Words = {
  about: '关于 Enlarger',
  services: '服务',
  hide: '隐藏 Enlarger',
  hideOthers: '隐藏其他',
  showAll: '全部显示',
  quit: '退出 Enlarger',
  file: '文件',
  open: '打开…',
  openFolder: '打开文件夹…',
  recent: '最近使用',
  clearRecent: '清除菜单',
  export: '导出…',
  settings: '设置…',
  close: '关闭窗口',
  edit: '编辑',
  undo: '撤销',
  redo: '重做',
  cut: '剪切',
  copy: '复制',
  paste: '粘贴',
  delete: '删除',
  selectAll: '全选',
  view: '显示',
  actualSize: '默认文字大小',
  zoomIn: '放大文字',
  zoomOut: '缩小文字',
  fullScreen: '全屏',
  reload: '重新载入',
  developerTools: '开发者工具',
  window: '窗口',
  minimise: '最小化',
  zoom: '缩放',
  front: '前置全部窗口',
  help: '帮助',
  pictures: '图片',
  allFiles: '所有文件',
  chooseOut: '选择存放结果的文件夹',
  choose: '选择',
  finished: (done) => `已放大 ${done} 张图片。`,
  finishedPartly: (done, failed) => `已放大 ${done} 张图片，${failed} 张失败。`,
  pageFails: '窗口反复出错。',
  pageFailsDetail: '您的图片没有受影响，已开始的工作会继续。请重试，或重新启动 Enlarger。',
  tryAgain: '重试',
};

const WORDS: Record<Language, Words> = { en: ENGLISH, 'zh-CN': CHINESE };

/** The words of the language that is set; `system`: of the first of the system's languages that we have, else English. */
export function wordsFor(setting: Settings['language'], preferred: readonly string[]): Words {
  return WORDS[setting === 'system' ? systemLanguage(preferred) : setting];
}

function systemLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const [language] = tag.toLowerCase().split(/[-_]/);
    if (language === 'en') return 'en';
    if (language === 'zh') return 'zh-CN';
  }
  return 'en';
}
