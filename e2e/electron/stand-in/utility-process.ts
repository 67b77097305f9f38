import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ForkOptions } from 'electron';
import { expectReady } from './readiness.ts';

/** A Node process that finds `process.parentPort` as a utility process does, and no line of Node's. */
class StandInUtility extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(entry: string, args: string[], options: ForkOptions) {
    super();
    const shim = fileURLToPath(import.meta.resolve('./parent-port.ts'));
    this.#child = fork(entry, args, {
      serialization: 'advanced',
      execArgv: ['--import', shim],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: options.env as NodeJS.ProcessEnv,
    });
    this.#child.once('spawn', () => this.emit('spawn'));
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.once('exit', (code) => this.emit('exit', code ?? 1));
  }

  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object, () => {});
  }

  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

export const utilityProcess = {
  fork(entry: string, args: string[] = [], options: ForkOptions = {}) {
    expectReady('utilityProcess');
    return new StandInUtility(entry, args, options);
  },
};
