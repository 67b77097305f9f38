import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Settings, type SettingsChange, settingsSchema } from '../../shared/contract/settings.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { replaceFile } from '../replace-file.ts';

/** The settings of this user, in a file that is replaced as a whole: after any crash it is the old one or the new. */
export class SettingsFile {
  readonly #path: string;
  #settings: Settings;
  readonly #listeners = new Set<(settings: Settings) => void>();
  /** The write that is going on, and those that wait for it. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string, settings: Settings) {
    this.#path = path;
    this.#settings = settings;
  }

  /**
   * The settings in `folder`; the defaults where there are none. A file that makes no sense is set aside under another
   * name, and `warning` says so.
   */
  static async open(folder: string): Promise<{ settings: SettingsFile; warning: string | undefined }> {
    const path = join(folder, 'settings.json');
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '{}';
      const reason = `${path}: the settings cannot be read (${error.message}). Check the file's permissions.`;
      throw new EnlargerError('permission-denied', reason, { file: path, cause: error });
    });
    const parsed = understood(text);
    if (parsed.success) return { settings: new SettingsFile(path, parsed.data), warning: undefined };
    const aside = `${path}.broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    await rename(path, aside);
    const warning = `${path}: the settings could not be understood (${parsed.reason}). They lie in ${aside} now, and the defaults are used.`;
    return { settings: new SettingsFile(path, settingsSchema.parse({})), warning };
  }

  get(): Settings {
    return this.#settings;
  }

  /** Calls `listener` with all settings whenever one has changed; returns what ends that. */
  onChange(listener: (settings: Settings) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves to all settings once they are on the disk. */
  async set(change: SettingsChange): Promise<Settings> {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const work = async () => {
      const next = settingsSchema.parse({ ...this.#settings, ...Object.fromEntries(given) });
      await replaceFile(this.#path, `${JSON.stringify(next, undefined, 2)}\n`);
      this.#settings = next;
      for (const listener of this.#listeners) listener(next);
      return next;
    };
    const written = this.#writing.then(work);
    this.#writing = written.catch(() => {});
    return written;
  }
}

function understood(text: string): { success: true; data: Settings } | { success: false; reason: string } {
  try {
    const parsed = settingsSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed;
    return { success: false, reason: z.prettifyError(parsed.error).replaceAll(/\s*\n\s*/g, ' ') };
  } catch (error) {
    return { success: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
