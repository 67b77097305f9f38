import type { Settings, SettingsChange } from '../../shared/contract/settings.ts';

/** Milliseconds that a change waits for the next one, where changes come close together. */
const PATIENCE = 250;

interface WriterOptions {
  /** Resolves to all settings once they are durable. */
  write(change: SettingsChange): Promise<Settings>;
  /** Shows settings to the page. */
  show(settings: Settings): void;
  /** What the page shows. */
  shown(): Settings | undefined;
  /** A change that waited could not be written. */
  onProblem(error: unknown): void;
}

/** Changes settings: what is chosen is shown at once, and then written; what cannot be written is taken back. */
export class SettingsWriter {
  readonly #options: WriterOptions;
  /** Settings as they were before the changes that wait. */
  #before: Settings | undefined;
  #waiting: SettingsChange | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writes = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** Resolves when the change is durable. Rejects with what it failed of. */
  change(change: SettingsChange): Promise<void> {
    this.#take(change);
    return this.#flush();
  }

  /** As `change`, after a moment, and together with what else comes until then. */
  changeSoon(change: SettingsChange): void {
    this.#take(change);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PATIENCE);
  }

  /** Writes what waits. */
  flush(): void {
    this.#flush().catch(this.#options.onProblem);
  }

  #take(change: SettingsChange): void {
    const shown = this.#options.shown();
    if (!shown) return;
    this.#before ??= shown;
    this.#waiting = { ...this.#waiting, ...change };
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    this.#options.show({ ...shown, ...Object.fromEntries(given) });
  }

  async #flush(): Promise<void> {
    const change = this.#waiting;
    const before = this.#before;
    clearTimeout(this.#timer);
    this.#waiting = undefined;
    this.#before = undefined;
    if (!change || !before) return;
    const turn = ++this.#writes;
    // An answer that a later change has overtaken says nothing new.
    const isLatest = () => turn === this.#writes && this.#waiting === undefined;
    try {
      const settings = await this.#options.write(change);
      if (isLatest()) this.#options.show(settings);
    } catch (error) {
      if (isLatest()) this.#options.show(before);
      throw error;
    }
  }
}
