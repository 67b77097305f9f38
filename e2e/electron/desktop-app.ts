import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../../tests/support/pictures.ts';
import type { Commands } from './stand-in/control.ts';

interface StartOptions {
  /** Folder that it is installed in. */
  installation: string;
  /** Folder of what it remembers; one of its own unless told. */
  state?: string;
  /** What it is started with. */
  words?: readonly string[];
  /** Folder that it is started in. */
  folder?: string;
  environment?: Record<string, string>;
}

type Answer = { id: number; output?: unknown; failed?: string };

const STAND_IN = join(import.meta.dirname, 'stand-in');

/** Enlarger's desktop shell as it was built, in a process of its own, over the stand-in for Electron. */
export class DesktopApp {
  readonly process: ChildProcess;
  readonly state: string;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  readonly #exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #lastId = 0;

  private constructor(child: ChildProcess, state: string) {
    this.process = child;
    this.state = state;
    this.#exit = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    child.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if (answer.failed === undefined) waiting?.resolve(answer.output);
      else waiting?.reject(new Error(answer.failed));
    });
    void this.#exit.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The application has ended.'));
    });
  }

  /** Starts it; it ends with the test. */
  static async start(options: StartOptions): Promise<DesktopApp> {
    const { installation, words = [], environment = {} } = options;
    const state = options.state ?? (await temporaryFolder());
    const main = join(installation, 'out', 'main', 'index.js');
    // Who kills the application keeps its Chromium from tidying up after itself.
    const scratch = await mkdtemp(join(tmpdir(), 'enlarger-chromium-'));
    onTestFinished(() => rm(scratch, { recursive: true, force: true, maxRetries: 20 }));
    const args = ['--import', join(STAND_IN, 'register.ts'), join(STAND_IN, 'run-main.ts'), main];
    const child = spawn(process.execPath, [...args, installation, ...words], {
      cwd: options.folder ?? installation,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
      env: { ...process.env, ...environment, ENLARGER_HOME: state, TMPDIR: scratch },
    });
    const app = new DesktopApp(child, state);
    onTestFinished(() => app.end());
    return app;
  }

  get exit(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    return this.#exit;
  }

  /** Does what a user, or the system, would do. Rejects with what the stand-in says, or when the application ends. */
  do<N extends keyof Commands>(
    name: N,
    ...[input]: Parameters<Commands[N]>
  ): Promise<Awaited<ReturnType<Commands[N]>>> {
    const id = this.#lastId++;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    this.process.send({ id, name, input: input ?? {} }, (error) => {
      if (error) answer.reject(error);
    });
    return answer.promise as Promise<Awaited<ReturnType<Commands[N]>>>;
  }

  /** Runs `inPage` in the page, with a clone of `arg`; it sees nothing else of the test. */
  evaluate<A, R>(inPage: (arg: A) => R, arg?: A): Promise<Awaited<R>> {
    return this.do('evaluate', { source: String(inPage), arg }) as Promise<Awaited<R>>;
  }

  /** Quits, and waits for the end. */
  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill('SIGTERM');
    await this.#exit;
  }
}
