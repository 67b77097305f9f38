import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { ProcessMetric } from 'electron';
import { closeChromium } from './chromium.ts';
import { log } from './log.ts';
import { becomeReady, expectNotReady, isReady, whenReady } from './readiness.ts';
import { askForLock } from './single-instance.ts';
import { fileIcon } from './system.ts';

interface Closable {
  close(): void;
}

class StandInApp extends EventEmitter {
  readonly isPackaged = false;
  readonly #paths = new Map<string, string>();
  /** Windows that are open; told from there, so that app does not know windows. */
  windows: () => Closable[] = () => [];
  /** What a handover to the first instance waits for. */
  #handover: Promise<void> | undefined;
  #quitting = false;

  whenReady(): Promise<void> {
    return whenReady();
  }

  isReady(): boolean {
    return isReady();
  }

  enableSandbox(): void {
    expectNotReady('app.enableSandbox');
  }

  setAppUserModelId(): void {}

  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`${path}: there is no such folder.`);
    this.#paths.set(name, path);
  }

  getPath(name: string): string {
    return this.#paths.get(name) ?? '';
  }

  getPreferredSystemLanguages(): string[] {
    return (process.env.STAND_IN_LANGUAGES ?? 'en-GB').split(',');
  }

  addRecentDocument(path: string): void {
    log('recent', path);
  }

  getAppMetrics(): ProcessMetric[] {
    const of = (type: ProcessMetric['type'], pid: number) =>
      ({ type, pid, memory: { workingSetSize: 1000, peakWorkingSetSize: 1000 } }) as ProcessMetric;
    return [of('Browser', process.pid), of('Tab', 1000001), of('Utility', 1000002), of('GPU', 1000003)];
  }

  getFileIcon(): Promise<ReturnType<typeof fileIcon>> {
    return Promise.resolve(fileIcon());
  }

  requestSingleInstanceLock(additionalData: unknown = {}): boolean {
    const lock = askForLock(this.getPath('userData'), structuredClone(additionalData), (left) => {
      void whenReady().then(() => this.emit('second-instance', {}, left.argv, left.folder, left.data));
    });
    this.#handover = lock.handover;
    return lock.first;
  }

  /** Ends as Electron does: windows first, and only if nobody objects. */
  quit(): void {
    if (this.#quitting) return;
    this.#quitting = true;
    this.emit('before-quit', {});
    const open = this.windows();
    if (open.length === 0) this.#willQuit();
    else {
      this.once('window-all-closed', () => this.#willQuit());
      for (const window of open) window.close();
    }
  }

  exit(code = 0): void {
    void Promise.all([this.#handover, closeChromium()]).finally(() => process.exit(code));
  }

  /** Main's module has come to its end. */
  async launched(): Promise<void> {
    this.emit('will-finish-launching');
    // Who has been told to quit by then does not begin.
    if (this.#quitting) return;
    becomeReady();
    this.emit('ready', {});
  }

  #willQuit(): void {
    let prevented = false;
    const preventDefault = () => {
      prevented = true;
    };
    this.emit('will-quit', { preventDefault });
    if (prevented) return;
    this.emit('quit', {}, 0);
    this.exit();
  }
}

export const app = new StandInApp();
