import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { EnlargerError } from '../../shared/errors.ts';
import type { SquarePlace } from '../../shared/squares.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import { deathOf } from '../engine/supervisor/engine-death.ts';
import { gone, pictureType } from './media-response.ts';

/** Bytes of all previews together. */
const LARGEST = 512e6;
/** Previews that are made at once: more would keep the codecs from the batch. */
const AT_ONCE = 2;

export interface Preview {
  /** A JPEG, or a PNG. It may go at any time; `openPreview` it soon. */
  path: string;
  /** The same as long as the picture is. */
  etag: string;
}

/** Makes one in the file `target`; resolves to its bytes. */
type Make = (target: string) => Promise<{ bytes: number }>;

/** What previews of a picture are made of: the bytes that are there now. */
interface Shown {
  source: string;
  identity: string;
}

/**
 * Small pictures of large ones and squares of them, made by the engine and kept on the disk under names that stand for the bytes they
 * show. The least recently used go first.
 */
export class PreviewCache {
  readonly #folder: string;
  readonly #engine: Pick<EngineConnection, 'request'>;
  readonly #largest: number;
  readonly #making = new Map<string, Promise<void>>();
  /** Pictures that engines have died over: they are not tried again, and why. */
  readonly #deadly = new Map<string, EnlargerError>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #bytes = 0;

  private constructor(folder: string, engine: Pick<EngineConnection, 'request'>, largest: number) {
    this.#folder = folder;
    this.#engine = engine;
    this.#largest = largest;
  }

  static async open(
    folder: string,
    engine: Pick<EngineConnection, 'request'>,
    largest = LARGEST,
  ): Promise<PreviewCache> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const cache = new PreviewCache(folder, engine, largest);
    await cache.#prune();
    return cache;
  }

  /** A preview of `source` that fits a square of `side`. Throws `not-found`, or why it cannot be made. */
  async get(source: string, side: number): Promise<Preview> {
    return this.#kept(await shownNow(source), `${side}`, 'jpg', (target) =>
      this.#inTurn(() => this.#engine.request('preview', { source, target, width: side, height: side })),
    );
  }

  /** A square of `source`. Throws `not-found`, also beyond the picture, or why it cannot be made. */
  async square(source: string, place: SquarePlace): Promise<Preview> {
    const { level, column, row } = place;
    // The engine sees to it that squares do not keep the codecs from the batch.
    return this.#kept(await shownNow(source), `${level} ${column} ${row}`, 'square', (target) =>
      this.#engine.request('square', { source, target, level, column, row }),
    );
  }

  /** A name for a file of the moment: of what is left of those that are old is removed at the next start. */
  momentary(): string {
    return join(this.#folder, `.${randomUUID()}`);
  }

  async #kept(shown: Shown, variant: string, extension: string, make: Make): Promise<Preview> {
    const etag = createHash('sha256').update(`${shown.identity}\0${variant}`).digest('hex');
    const path = join(this.#folder, `${etag}.${extension}`);
    const now = new Date();
    const known = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (!known) await this.#once(path, shown, make);
    return { path, etag };
  }

  #once(path: string, shown: Shown, make: Make): Promise<void> {
    const deadly = this.#deadly.get(shown.identity);
    if (deadly) return Promise.reject(deadly);
    const making =
      this.#making.get(path) ??
      this.#make(path, shown, make).finally(() => {
        this.#making.delete(path);
      });
    this.#making.set(path, making);
    return making;
  }

  async #make(path: string, { identity }: Shown, make: Make): Promise<void> {
    try {
      const { bytes } = await make(path);
      this.#bytes += bytes;
      if (this.#bytes > this.#largest) await this.#prune();
    } catch (error) {
      if (deathOf(error) && error instanceof EnlargerError) this.#deadly.set(identity, error);
      throw error;
    }
  }

  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
    try {
      return await act();
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Removes the oldest until a tenth is free, so that it need not be done again soon. */
  async #prune(): Promise<void> {
    const files = await this.#files();
    this.#bytes = files.reduce((sum, { size }) => sum + size, 0);
    if (this.#bytes <= this.#largest) return;
    for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (this.#bytes <= this.#largest * 0.9) return;
      await rm(path, { force: true });
      this.#bytes -= size;
    }
  }

  async #files(): Promise<{ path: string; size: number; mtimeMs: number }[]> {
    const now = Date.now();
    const files = [];
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const found = await stat(path).catch(() => undefined);
      if (!found) continue;
      if (!name.startsWith('.')) files.push({ path, size: found.size, mtimeMs: found.mtimeMs });
      else if (now - found.mtimeMs > LEFTOVER) await rm(path, { force: true });
    }
    return files;
  }
}

/** What dead engines were making has names that begin with a dot; of living ones it is younger than this, milliseconds. */
const LEFTOVER = 60 * 60 * 1000;

async function shownNow(source: string): Promise<Shown> {
  const found = await stat(source, { bigint: true }).catch(() => undefined);
  if (!found?.isFile()) throw gone(source);
  return { source, identity: `${source}\0${found.size}\0${found.mtimeNs}` };
}

/** A preview's bytes, opened before they can go, and what they are. */
export async function openPreview({ path }: Preview) {
  const file = await open(path, 'r');
  const head = Buffer.alloc(4);
  const [{ size }] = await Promise.all([file.stat(), file.read(head, 0, head.length, 0)]);
  return { size, file, type: pictureType(head) };
}
