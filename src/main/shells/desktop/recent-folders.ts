import { join } from 'node:path';
import { z } from 'zod';
import { JsonFile } from './json-file.ts';

const MOST = 10;
const recentSchema = z.array(z.string()).max(1000);

/** Folders that results went to lately, the latest first, remembered in the folder `state`. */
export class RecentFolders {
  readonly #file: JsonFile<string[]>;
  #paths: readonly string[];

  private constructor(file: JsonFile<string[]>, paths: readonly string[]) {
    this.#file = file;
    this.#paths = paths;
  }

  static async open(state: string): Promise<RecentFolders> {
    const file = new JsonFile(join(state, 'recent-folders.json'), recentSchema);
    return new RecentFolders(file, (await file.read()) ?? []);
  }

  get paths(): readonly string[] {
    return this.#paths;
  }

  add(path: string): void {
    if (this.#paths[0] === path) return;
    this.#paths = withLatest(this.#paths, path);
    void this.#file.write([...this.#paths]);
  }

  /** Resolves when they are on the disk. */
  settled(): Promise<void> {
    return this.#file.settled();
  }
}

/** `paths` with `path` in front, each once, ten at most. */
export function withLatest(paths: readonly string[], path: string): string[] {
  return [path, ...paths.filter((other) => other !== path)].slice(0, MOST);
}
