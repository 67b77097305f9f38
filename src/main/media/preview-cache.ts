import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { EnlargerError } from '../../shared/errors.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import { deathOf } from '../engine/supervisor/engine-death.ts';
import { gone } from './media-response.ts';

/** Bytes of all previews together. */
const LARGEST = 512e6;
/** Previews that are made at once: more would keep the codecs from the batch. */
const AT_ONCE = 2;

export interface Preview {
  /** A JPEG. It may go at any time; `open` it soon. */
  path: string;
  /** The same as long as the picture is. */
  etag: string;
}

/**
 * Small pictures of large ones, made by the engine and kept on the disk under names that stand for the bytes they
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
    const found = await stat(source, { bigint: true }).catch(() => undefined);
    if (!found?.isFile()) throw gone(source);
    const identity = `${source}\0${found.size}\0${found.mtimeNs}\0${side}`;
    const etag = createHash('sha256').update(identity).digest('hex');
    const path = join(this.#folder, `${etag}.jpg`);
    const now = new Date();
    const known = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (!known) await this.#once(path, { source, side, etag });
    return { path, etag };
  }

  #once(path: string, what: { source: string; side: number; etag: string }): Promise<void> {
    const deadly = this.#deadly.get(what.etag);
    if (deadly) return Promise.reject(deadly);
    const making =
      this.#making.get(what.etag) ??
      this.#make(path, what).finally(() => {
        this.#making.delete(what.etag);
      });
    this.#making.set(what.etag, making);
    return making;
  }

  async #make(path: string, { source, side, etag }: { source: string; side: number; etag: string }) {
    await this.#turn();
    try {
      const { bytes } = await this.#engine.request('preview', {
        source,
        target: path,
        width: side,
        height: side,
      });
      this.#bytes += bytes;
      if (this.#bytes > this.#largest) await this.#prune();
    } catch (error) {
      if (deathOf(error) && error instanceof EnlargerError) this.#deadly.set(etag, error);
      throw error;
    } finally {
      this.#busy -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#busy >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy += 1;
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

/** A preview's bytes, opened before they can go. */
export async function openPreview({ path }: Preview) {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return { size, file };
}
