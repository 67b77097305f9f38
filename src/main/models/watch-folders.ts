import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds without a change after which one is told: files that are being copied come in many pieces. */
const QUIET = 100;

/**
 * Tells when something changes in folders, and in the folders directly in them. Where the system cannot watch, nothing is
 * told: it makes news come later, and nothing wrong.
 */
export class FolderWatch implements Disposable {
  readonly #roots: readonly string[];
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(roots: readonly string[], onChange: () => void) {
    this.#roots = roots;
    this.#onChange = onChange;
  }

  /** Watches what is there now; to be called again after a change. */
  async follow(): Promise<void> {
    const found = new Set(this.#roots);
    for (const root of this.#roots) {
      const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
      for (const entry of entries) {
        if (entry.isDirectory() && !entry.name.startsWith('.')) found.add(join(root, entry.name));
      }
    }
    if (this.#closed) return;
    for (const folder of this.#watchers.keys()) if (!found.has(folder)) this.#forget(folder);
    for (const folder of found) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    const changed = () => {
      clearTimeout(this.#timer);
      if (this.#closed) return;
      this.#timer = setTimeout(this.#onChange, QUIET);
      this.#timer.unref();
    };
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        // What is on its way in or out.
        if (name?.startsWith('.')) return;
        // Another folder of this name may have come, which the old one's watcher knows nothing of.
        if (event === 'rename' && name) this.#forget(join(folder, name));
        changed();
      });
      const forget = () => this.#forget(folder);
      watcher.on('error', forget);
      this.#watchers.set(folder, watcher);
    } catch {
      // Not there, or too many are watched on this machine.
    }
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
