/** What `electron` is to the main process under test: as much of it as Enlarger uses, over a real Chromium. */
import type * as Electron from 'electron';
import { app as standInApp } from './app.ts';
import { BrowserWindow as StandInWindow } from './browser-window.ts';
import { ipcMain as standInIpc } from './ipc-main.ts';
import { StandInChannel } from './ports.ts';
import { utilityProcess as standInUtility } from './utility-process.ts';

standInApp.windows = () => StandInWindow.getAllWindows();

type AppPart =
  | 'addRecentDocument'
  | 'enableSandbox'
  | 'exit'
  | 'getAppMetrics'
  | 'getPreferredSystemLanguages'
  | 'isPackaged'
  | 'isReady'
  | 'quit'
  | 'requestSingleInstanceLock'
  | 'setAppUserModelId'
  | 'setPath'
  | 'whenReady';
type WindowPart =
  | 'close'
  | 'focus'
  | 'getNormalBounds'
  | 'id'
  | 'isDestroyed'
  | 'isFocused'
  | 'isMaximized'
  | 'isMinimized'
  | 'loadURL'
  | 'maximize'
  | 'restore'
  | 'setProgressBar'
  | 'show';

export const app = standInApp satisfies Pick<typeof Electron.app, AppPart>;
export const BrowserWindow = StandInWindow satisfies new (
  options?: Electron.BrowserWindowConstructorOptions,
) => Pick<Electron.BrowserWindow, WindowPart>;
export const ipcMain = standInIpc satisfies Pick<typeof Electron.ipcMain, 'removeHandler'>;
export const MessageChannelMain = StandInChannel satisfies new () => {
  port1: Pick<Electron.MessagePortMain, 'start' | 'close' | 'postMessage'>;
  port2: Pick<Electron.MessagePortMain, 'start' | 'close' | 'postMessage'>;
};
export const utilityProcess = standInUtility satisfies {
  fork(
    ...args: Parameters<typeof Electron.utilityProcess.fork>
  ): Pick<Electron.UtilityProcess, 'pid' | 'kill' | 'postMessage'>;
};
export { protocol } from './protocol.ts';
export { session } from './session.ts';
export {
  dialog,
  Menu,
  Notification,
  nativeImage,
  nativeTheme,
  powerSaveBlocker,
  screen,
  shell,
} from './system.ts';
