import { type BrowserWindow, Notification, powerSaveBlocker } from 'electron';
import type { BatchRecord } from '../../../shared/jobs.ts';
import type { WorkState } from './batches-in-work.ts';
import type { Words } from './words.ts';

/** Takes the bar off the icon. */
const NO_BAR = -1;
/** Steps that a bar is drawn in; it is not asked for more often. */
const STEPS = 100;

/** Shows the work where the page is not looked at: on the icon, as a notification, and by keeping the machine awake. */
export class WorkSigns {
  readonly #window: () => BrowserWindow | undefined;
  #bar = '';
  #blocker: number | undefined;
  /** Held on to, so that it is still there when it is clicked. */
  #told: Notification | undefined;

  constructor(window: () => BrowserWindow | undefined) {
    this.#window = window;
  }

  show({ share, stuck }: WorkState): void {
    this.#keepAwake(share !== undefined && !stuck);
    const step = share === undefined ? NO_BAR : Math.round(share * STEPS) / STEPS;
    const mode = share === undefined ? 'none' : stuck ? 'paused' : 'normal';
    const window = this.#window();
    const bar = `${window?.id} ${step} ${mode}`;
    if (bar === this.#bar) return;
    this.#bar = bar;
    window?.setProgressBar(step, { mode });
  }

  /** Tells of a batch that has ended, unless the user sees it anyway. `clicked` brings the window to the front. */
  tell({ title, files }: BatchRecord, words: Words, clicked: () => void): void {
    if (this.#window()?.isFocused() || !Notification.isSupported()) return;
    const { done = 0, failed = 0 } = files;
    const body = failed > 0 ? words.finishedPartly(done, failed) : words.finished(done);
    const notification = new Notification({ title, body });
    notification.on('click', clicked);
    notification.show();
    this.#told?.close();
    this.#told = notification;
  }

  /** Lets the machine sleep again. */
  end(): void {
    this.#keepAwake(false);
  }

  #keepAwake(awake: boolean): void {
    if (awake) this.#blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (this.#blocker !== undefined) {
      powerSaveBlocker.stop(this.#blocker);
      this.#blocker = undefined;
    }
  }
}
