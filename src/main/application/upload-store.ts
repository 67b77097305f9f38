import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import type { Uploaded } from '../../shared/contract/input.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { fillTemplate } from '../naming/name-template.ts';

export interface UploadLimits {
  /** Bytes that one upload may have, and all that are kept together. */
  bytesPerFile: number;
  bytesInAll: number;
}

const UPLOAD_LIMITS: UploadLimits = { bytesPerFile: 4e9, bytesInAll: 50e9 };

/** Uploads that no batch has are given up after a day, in milliseconds: their page is long closed. */
const ABANDONED = 24 * 60 * 60 * 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Pictures that came over the line, each in a folder of its own: `<id>/<name>`. They go from the line to the disk
 * and are never held in memory; one that breaks off leaves nothing behind.
 */
export class UploadStore {
  readonly #folder: string;
  readonly limits: UploadLimits;
  /** Bytes on the disk, those of uploads on their way included. */
  #bytes: number;

  private constructor(folder: string, limits: UploadLimits, bytes: number) {
    this.#folder = folder;
    this.limits = limits;
    this.#bytes = bytes;
  }

  static async open(folder: string, limits = UPLOAD_LIMITS): Promise<UploadStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let bytes = 0;
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      );
    }
    return new UploadStore(folder, limits, bytes);
  }

  /**
   * Stores what `body` has under a safe form of `name`. `expected`: bytes, where they are known before. Throws
   * `too-large` beyond the limits, `disk-full`, or what broke it off.
   */
  async add(name: string, body: Readable, expected = 0): Promise<Uploaded> {
    const safe = safeName(name);
    if (expected > this.limits.bytesPerFile) throw this.#tooLarge(safe);
    if (this.#bytes + expected > this.limits.bytesInAll) throw this.#full(safe);
    const id = randomUUID();
    const folder = join(this.#folder, id);
    await mkdir(folder, { mode: 0o700 });
    let bytes = 0;
    try {
      await using file = await open(join(folder, safe), 'wx', 0o600);
      // Whoever sends it is still to be answered when it is refused: the line stays open.
      for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.#bytes += chunk.length;
        if (bytes > this.limits.bytesPerFile) throw this.#tooLarge(safe);
        if (this.#bytes > this.limits.bytesInAll) throw this.#full(safe);
        await file.writeFile(chunk);
      }
      return { id, name: safe, bytes };
    } catch (error) {
      this.#bytes -= bytes;
      await rm(folder, { recursive: true, force: true });
      throw refusal(error, safe);
    }
  }

  /** The absolute path of an upload. Throws `not-found`. */
  async path(id: string): Promise<string> {
    const [name] = UUID.test(id) ? await readdir(join(this.#folder, id)).catch(() => []) : [];
    if (name !== undefined) return join(this.#folder, id, name);
    throw new EnlargerError('not-found', 'This picture is not there any more. Add it again.');
  }

  /** Bytes of all uploads together, those on their way included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether an absolute path is that of an upload. */
  holds(path: string): boolean {
    return path.startsWith(this.#folder + sep) && UUID.test(basename(dirname(path)));
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const path = await this.path(id).catch(() => undefined);
      if (path === undefined) continue;
      const { size } = await stat(path);
      await rm(join(this.#folder, id), { recursive: true, force: true });
      this.#bytes -= size;
    }
  }

  /** Removes what is neither in `kept` nor of today. */
  async removeAbandoned(kept: ReadonlySet<string>): Promise<void> {
    const now = Date.now();
    for (const id of await readdir(this.#folder)) {
      if (kept.has(id)) continue;
      const found = await stat(join(this.#folder, id)).catch(() => undefined);
      if (found && now - found.mtimeMs > ABANDONED) await this.remove([id]);
    }
  }

  #tooLarge(name: string): EnlargerError {
    const limit = `At most ${gigabytes(this.limits.bytesPerFile)} can be uploaded at once.`;
    return new EnlargerError('too-large', `${name}: too large. ${limit}`, { file: name });
  }

  #full(name: string): EnlargerError {
    const limit = `${gigabytes(this.limits.bytesInAll)} are kept at most`;
    const advice = 'Clear batches that are done, and add it again.';
    return new EnlargerError('disk-full', `${name}: no room for more uploads (${limit}). ${advice}`, {
      file: name,
    });
  }
}

const gigabytes = (bytes: number) => (bytes < 1e9 ? `${bytes} bytes` : `${bytes / 1e9} GB`);

/** The last part of a name as a page says it, in a form that every file system takes. */
function safeName(name: string): string {
  const last = basename(name.replaceAll('\\', '/')).normalize('NFC').trim() || 'picture';
  const ext = extname(last).slice(1);
  const stem = ext ? last.slice(0, -ext.length - 1) : last;
  const words = { scale: 1, model: '', index: 1 };
  const filled = fillTemplate('{name}.{ext}', { name: stem || 'picture', ext: ext || 'bin', ...words });
  return ext ? filled : filled.replace(/\.bin$/, '');
}

function refusal(error: unknown, name: string): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const details = { file: name, cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EnlargerError('disk-full', `${name}: the disk is full. Make room and add it again.`, details);
  }
  return new EnlargerError('stopped', `${name}: the upload broke off. Add it again.`, details);
}
