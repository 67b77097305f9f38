import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** SHA-256 of the results in `folder` by their names, temporary files left out. */
export class ResultHashes {
  readonly #folder: string;
  readonly #known = new Map<string, { version: string; sha256: string }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads what has come or changed since the last time. */
  async read(): Promise<Map<string, string>> {
    const names = (await readdir(this.#folder)).filter((name) => !isTemporary(name));
    const hashes = names.map(async (name): Promise<[string, string]> => [name, await this.#hash(name)]);
    return new Map(await Promise.all(hashes));
  }

  async #hash(name: string): Promise<string> {
    const path = join(this.#folder, name);
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    const version = `${ino}/${size}/${mtimeNs}`;
    const known = this.#known.get(name);
    if (known?.version === version) return known.sha256;
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    this.#known.set(name, { version, sha256 });
    return sha256;
  }
}

export function isTemporary(name: string): boolean {
  return name.startsWith('.enlarger-');
}

/** The pictures in `folder` that cannot be decoded to their last row. */
export async function undecodable(folder: string, names: Iterable<string>): Promise<string[]> {
  const broken: string[] = [];
  for (const name of names) {
    const decoded = sharp(join(folder, name), { failOn: 'warning' }).raw().toBuffer();
    await decoded.catch(() => broken.push(name));
  }
  return broken;
}
