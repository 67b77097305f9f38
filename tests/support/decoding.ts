import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Decoding {
  id: number;
  source: string;
  /** Folder for scratch files. */
  scratch: string;
}

/** What came of a file: its size in pixels, a typed error that names it, or anything else. */
type Told = { size: number[] } | { code: string; words: string } | { untyped: string };

export interface Outcome {
  probed: Told;
  decoded: Told;
  /** Scratch files that nobody removed. */
  left: string[];
}

/** Longer than any single file takes on a busy machine; milliseconds. */
const HANGS = 60_000;

/**
 * Decodes files in a process of their own, a few at once. A file over which it dies or does nothing any more
 * ends as `untyped`, and the next ones get a new process.
 */
export class DecodeProcess {
  readonly #scratch: string;
  #child: ChildProcess | undefined;
  #nextId = 0;

  constructor(scratch: string) {
    this.#scratch = scratch;
    onTestFinished(() => {
      this.#child?.kill('SIGKILL');
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async decode(source: string): Promise<Outcome> {
    const child = this.#running();
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const failed = (untyped: string) => resolve({ probed: { untyped }, decoded: { untyped }, left: [] });
    const onMessage = (message: { id: number; outcome: Outcome }) => {
      if (message.id === id) resolve(message.outcome);
    };
    const onExit = (code: number | null, signal: string | null) =>
      failed(`the process ended (${signal ?? code})`);
    const hangs = setTimeout(() => {
      failed('it never ended');
      child.kill('SIGKILL');
    }, HANGS);
    child.on('message', onMessage).on('exit', onExit);
    child.send({ id, source, scratch: this.#scratch } satisfies Decoding);
    const outcome = await promise;
    clearTimeout(hangs);
    child.off('message', onMessage).off('exit', onExit);
    return outcome;
  }

  #running(): ChildProcess {
    if (this.#child?.connected) return this.#child;
    const child = fork(fileURLToPath(new URL('./decode-process.ts', import.meta.url)), {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child = child.setMaxListeners(50);
    return child;
  }
}

/** Runs `work` over `items`, so many at once; the results in the order of the items. */
export async function eachOf<In, Out>(
  items: readonly In[],
  atOnce: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  const remaining = items.entries();
  const workOn = async () => {
    for (const [index, item] of remaining) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, workOn));
  return results;
}
