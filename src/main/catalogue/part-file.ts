import { type FileHandle, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EnlargerError } from '../../shared/errors.ts';
import { FileLock } from '../file-lock.ts';
import { replaceFile } from '../replace-file.ts';
import { asFileError } from './download-error.ts';

/** What a part is a part of. */
const noteSchema = z.object({
  address: z.string(),
  /** The host's strong ETag, or date of the last change, by which it tells whether the file is still the same. */
  validator: z.string().nullable(),
});

type PartNote = z.infer<typeof noteSchema>;

const pathsOf = (folder: string, id: string) => ({
  part: join(folder, `${id}.part`),
  note: join(folder, `${id}.json`),
  lock: join(folder, `${id}.lock`),
});

/** Bytes that have arrived of a download that was broken off; 0 where there is none. */
export async function bytesInPart(folder: string, id: string): Promise<number> {
  return stat(pathsOf(folder, id).part).then(
    ({ size }) => size,
    () => 0,
  );
}

interface Opened {
  lock: AsyncDisposable;
  file: FileHandle;
  note: PartNote;
  bytes: number;
}

/** What has arrived of a download, with a note of what it is a part of. One program at a time has it. */
export class PartFile implements AsyncDisposable {
  readonly #id: string;
  readonly #paths: ReturnType<typeof pathsOf>;
  readonly #lock: AsyncDisposable;
  readonly #file: FileHandle;
  #note: PartNote;
  #bytes: number;

  private constructor(folder: string, id: string, opened: Opened) {
    this.#id = id;
    this.#paths = pathsOf(folder, id);
    this.#lock = opened.lock;
    this.#file = opened.file;
    this.#note = opened.note;
    this.#bytes = opened.bytes;
  }

  /**
   * The part of `id` in `folder`, empty where there is none of the file at `address`. Throws `in-use` where another program
   * downloads it, and what keeps the folder from being written.
   */
  static async open(folder: string, id: string, address: string): Promise<PartFile> {
    const paths = pathsOf(folder, id);
    let inWork = folder;
    try {
      await using stack = new AsyncDisposableStack();
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const lock = stack.use(await takeLock(paths.lock, id));
      inWork = paths.part;
      const file = stack.use(await open(paths.part, 'a', 0o600));
      const known = await readNote(paths.note);
      const note = known?.address === address ? known : { address, validator: null };
      if (note !== known) await file.truncate(0);
      const { size: bytes } = await file.stat();
      stack.move();
      return new PartFile(folder, id, { lock, file, note, bytes });
    } catch (error) {
      throw asFileError(error, id, inWork);
    }
  }

  get path(): string {
    return this.#paths.part;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get validator(): string | null {
    return this.#note.validator;
  }

  /** Removes what has arrived: its disposal leaves nothing. It takes no room on the disk to do so. */
  async empty(): Promise<void> {
    try {
      await this.#file.truncate(0);
      this.#bytes = 0;
      this.#note = { ...this.#note, validator: null };
      await rm(this.#paths.note, { force: true });
    } catch (error) {
      throw asFileError(error, this.#id, this.path);
    }
  }

  /** Begins anew, as a part of the file that the host knows by `validator`. */
  async begin(validator: string | null): Promise<void> {
    await this.empty();
    try {
      this.#note = { ...this.#note, validator };
      await replaceFile(this.#paths.note, JSON.stringify(this.#note));
    } catch (error) {
      throw asFileError(error, this.#id, this.#paths.note);
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(chunk);
      this.#bytes += chunk.length;
    } catch (error) {
      throw asFileError(error, this.#id, this.path);
    }
  }

  /** What was written is on the disk once this resolves. */
  async sync(): Promise<void> {
    await this.#file.sync().catch((error: unknown) => {
      throw asFileError(error, this.#id, this.path);
    });
  }

  /** What is left of it stays, for a later download to go on with; a part without a byte does not. */
  async [Symbol.asyncDispose](): Promise<void> {
    await using _lock = this.#lock;
    await this.#file.sync().catch(() => {});
    await this.#file.close();
    const { part, note } = this.#paths;
    if (this.#bytes === 0) await Promise.all([part, note].map((path) => rm(path, { force: true })));
  }
}

async function takeLock(path: string, id: string): Promise<AsyncDisposable> {
  const lock = await FileLock.take(path);
  if (lock) return lock;
  const advice = `Wait for it to end; if there is none, remove ${path} and try again.`;
  throw new EnlargerError('in-use', `${id}: another Enlarger is downloading it. ${advice}`, { file: path });
}

async function readNote(path: string): Promise<PartNote | undefined> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
