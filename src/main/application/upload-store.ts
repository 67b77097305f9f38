import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import type { Uploaded } from '../../shared/contract/input.ts';
import { isModelFile } from '../../shared/contract/models.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { safeName } from '../../shared/name-template.ts';
import { isDiskFull } from '../disk-full.ts';
import type { IntakeInput } from '../intake/collect-sources.ts';

export interface UploadLimits {
  /** Bytes that a picture may have, a model, and all that are kept together. */
  bytesPerFile: number;
  bytesPerModel: number;
  bytesInAll: number;
}

const UPLOAD_LIMITS: UploadLimits = { bytesPerFile: 4e9, bytesPerModel: 2 ** 31, bytesInAll: 50e9 };

/** Uploads that no batch has are given up after a day, in milliseconds: their page is long closed. */
const ABANDONED = 24 * 60 * 60 * 1000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Folders in folders that an upload may have lain in, and UTF-8 bytes of their names together. */
const DEEPEST = 32;
const LONGEST_FOLDER = 1024;

/**
 * Pictures and models that came over the line, each in a folder of its own: `<id>/<folder that it lay in>/<name>`. They go from the line to the disk
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

  /** `limits`: those that are other than usual. */
  static async open(folder: string, limits: Partial<UploadLimits> = {}): Promise<UploadStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let bytes = 0;
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      );
    }
    return new UploadStore(folder, { ...UPLOAD_LIMITS, ...limits }, bytes);
  }

  /**
   * Stores what `body` has under a safe form of `name`. `expected`: bytes, where they are known before; `lay`: where it
   * lay inside the folder that was dropped, with `/`. Throws `bad-argument` for a folder too deep, `too-large` beyond the
   * limits, `disk-full`, or what broke it off.
   */
  async add(name: string, body: Readable, { expected = 0, lay = '' } = {}): Promise<Uploaded> {
    const safe = safeFile(name);
    const inner = safeFolder(lay, safe);
    const most = isModelFile(safe) ? this.limits.bytesPerModel : this.limits.bytesPerFile;
    if (expected > most) throw tooLarge(safe, most);
    if (this.#bytes + expected > this.limits.bytesInAll) throw this.#full(safe);
    const id = randomUUID();
    const own = join(this.#folder, id);
    let bytes = 0;
    try {
      await mkdir(join(own, inner), { recursive: true, mode: 0o700 });
      await using file = await open(join(own, inner, safe), 'wx', 0o600);
      // Whoever sends it is still to be answered when it is refused: the line stays open.
      for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.#bytes += chunk.length;
        if (bytes > most) throw tooLarge(safe, most);
        if (this.#bytes > this.limits.bytesInAll) throw this.#full(safe);
        await file.writeFile(chunk);
      }
      return { id, name: safe, bytes };
    } catch (error) {
      this.#bytes -= bytes;
      await rm(own, { recursive: true, force: true });
      throw refusal(error, safe);
    }
  }

  /** The absolute path of an upload, and the folder that it lay in. Throws `not-found`. */
  async find(id: string): Promise<Required<IntakeInput>> {
    const [file] = await this.#files(id);
    if (file !== undefined) return { path: file, folder: relative(join(this.#folder, id), dirname(file)) };
    throw new EnlargerError('not-found', 'This file is not there any more. Add it again.');
  }

  /** Bytes of all uploads together, those on their way included. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether an absolute path is that of an upload. */
  holds(path: string): boolean {
    const [id = ''] = path.startsWith(this.#folder + sep) ? relative(this.#folder, path).split(sep) : [];
    return UUID.test(id);
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      if (!UUID.test(id)) continue;
      let bytes = 0;
      for (const file of await this.#files(id)) bytes += (await stat(file)).size;
      await rm(join(this.#folder, id), { recursive: true, force: true });
      this.#bytes -= bytes;
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

  /** What lies in the folder of an upload: one file, or none if it broke off with this program. */
  async #files(id: string): Promise<string[]> {
    if (!UUID.test(id)) return [];
    const options = { withFileTypes: true, recursive: true } as const;
    const entries = await readdir(join(this.#folder, id), options).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  }

  #full(name: string): EnlargerError {
    const limit = `${gigabytes(this.limits.bytesInAll)} are kept at most`;
    const advice = 'Clear batches that are done, and add it again.';
    return new EnlargerError('disk-full', `${name}: no room for more uploads (${limit}). ${advice}`, {
      file: name,
    });
  }
}

function tooLarge(name: string, most: number): EnlargerError {
  const limit = `At most ${gigabytes(most)} can be uploaded at once.`;
  return new EnlargerError('too-large', `${name}: too large. ${limit}`, { file: name });
}

const gigabytes = (bytes: number) =>
  bytes < 1e9 ? `${bytes} bytes` : `${Number((bytes / 1e9).toFixed(1))} GB`;

/** The last part of a name as a page says it, in a form that every file system takes. */
function safeFile(name: string): string {
  const last = basename(name.replaceAll('\\', '/')).normalize('NFC').trim() || 'picture';
  return safeName(last, extname(last).slice(1));
}

/** A folder as a page says it, relative, with `/`, each part in a form that every file system takes. */
function safeFolder(folder: string, name: string): string {
  const parts = folder
    .normalize('NFC')
    .split(/[\\/]/)
    .map((part) => part.trim());
  const safe = parts.filter((part) => part !== '' && part !== '.').map((part) => safeName(part));
  const inner = safe.join(sep);
  if (safe.length <= DEEPEST && Buffer.byteLength(inner) <= LONGEST_FOLDER) return inner;
  const reason = 'lies in too many folders, or in folders with too long names.';
  throw new EnlargerError('bad-argument', `${name}: ${reason} Add it without them.`, { file: name });
}

function refusal(error: unknown, name: string): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const details = { file: name, cause: error };
  if (isDiskFull(error)) {
    return new EnlargerError('disk-full', `${name}: the disk is full. Make room and add it again.`, details);
  }
  return new EnlargerError('stopped', `${name}: the upload broke off. Add it again.`, details);
}
