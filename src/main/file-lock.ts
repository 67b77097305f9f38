import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, processIdentitySchema, thisProcess } from './jobs/process-identity.ts';

/** File systems without hard links, such as exFAT, answer with one of these. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK', 'EXDEV']);

/** Milliseconds between two tries. */
const PAUSE = 20;
/** Milliseconds after which nobody can still be writing a lock. Only without hard links is one seen before it is whole. */
const WRITTEN = 10_000;

export interface LockOptions {
  /** Milliseconds to wait while another has it; 0 unless told. */
  patience?: number;
  /** Milliseconds after which a lock has been left behind whose owner cannot be told to run or not; never unless told. */
  abandoned?: number;
}

/**
 * A file that says which process has something to itself, until it is disposed of. Within a process, too, only one has it.
 * Where its process is dead, or it names none because a disk was full or the power went, another takes over.
 *
 * A dead lock is not removed by who takes over: of two that see it dead, the second would remove the first one's. It is
 * succeeded by a file named after what it says, which only one can make; that one may die and be succeeded in turn.
 */
export class FileLock implements AsyncDisposable {
  /** What each says: the lock, then its successors in their order, the last of which is ours. */
  readonly #files: ReadonlyMap<string, string>;

  private constructor(files: ReadonlyMap<string, string>) {
    this.#files = files;
  }

  /** The lock `path`; undefined if another has it. Throws what keeps its folder from being written. */
  static async take(path: string, options: LockOptions = {}): Promise<FileLock | undefined> {
    const { patience = 0, abandoned = Number.POSITIVE_INFINITY } = options;
    const end = performance.now() + patience;
    const file = `${path}.${randomUUID()}`;
    // The number makes a successor's name belong to this one lock alone.
    const text = JSON.stringify({ ...thisProcess(), number: randomUUID() });
    try {
      await writeFile(file, text, { flag: 'wx', mode: 0o600 });
      for (;;) {
        const files = await takeOver(path, { file, text }, abandoned);
        if (files) return new FileLock(files);
        if (performance.now() >= end) return undefined;
        await pause(PAUSE);
      }
    } finally {
      await rm(file, { force: true });
    }
  }

  /** The lock itself goes first: without it, successors mean nothing. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const [file, text] of this.#files) {
      // Who gave this one up as abandoned may have let go already, and the next one be at it.
      if ((await textOf(file)) === text) await rm(file, { force: true });
    }
  }
}

/** Makes `own` stand as the lock `path`, or as the successor of one that is dead; undefined if somebody alive has it. */
async function takeOver(
  path: string,
  own: { file: string; text: string },
  abandoned: number,
): Promise<ReadonlyMap<string, string> | undefined> {
  const dead = new Map<string, string>();
  let file = path;
  while (!(await place(own.file, file))) {
    const text = await deadText(file, abandoned);
    if (text === undefined) return undefined;
    dead.set(file, text);
    file = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  }
  for (const [other, text] of dead) {
    if ((await deadText(other, abandoned)) === text) continue;
    // A process that took over from it earlier has let go meanwhile.
    await rm(file, { force: true });
    return undefined;
  }
  return new Map([...dead, [file, own.text]]);
}

/** Makes `file` stand at `path` too, written to its end; false if something stands there. */
async function place(file: string, path: string): Promise<boolean> {
  try {
    await link(file, path).catch((error: unknown) => {
      if (!NO_LINKS.has(codeOf(error))) throw error;
      return copyFile(file, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What a dead lock says; undefined for one that is alive, was let go just now, or may not be read. */
async function deadText(file: string, abandoned: number): Promise<string | undefined> {
  const text = await textOf(file);
  if (text === undefined) return undefined;
  const owner = processIdentitySchema.safeParse(parsed(text)).data;
  const running = owner && isRunning(owner, thisProcess());
  if (running !== undefined) return running ? undefined : text;
  const found = await stat(file).catch(() => undefined);
  const limit = owner ? abandoned : WRITTEN;
  return found && Date.now() - found.mtimeMs > limit ? text : undefined;
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';
