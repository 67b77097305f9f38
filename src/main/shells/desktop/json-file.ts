import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { replaceFile } from '../../replace-file.ts';

/**
 * Something small that is remembered between runs, and that nobody misses much: what cannot be read, or makes no sense, is
 * as if it were not there, and what cannot be written is forgotten.
 */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, schema: z.ZodType<T>) {
    this.#path = path;
    this.#schema = schema;
  }

  async read(): Promise<T | undefined> {
    try {
      return this.#schema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Resolves when it is on the disk, or cannot be; writes follow each other in order. */
  write(value: T): Promise<void> {
    const text = `${JSON.stringify(value)}\n`;
    this.#writing = this.#writing.then(() => replaceFile(this.#path, text)).catch(() => {});
    return this.#writing;
  }

  /** Resolves when everything that was to be written is. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
