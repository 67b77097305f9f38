import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineExit, EngineHost } from './engine-host.ts';

/** libvips decodes and encodes on libuv's threads, and files are read there too: four would be too few. */
const LIBUV_THREADS = 8;

/**
 * Engines as child processes of this one. `entry` is the engine's file; `quiet` drops what native libraries
 * write to standard error.
 */
export function childProcessHost(entry: URL, { quiet = false } = {}): EngineHost {
  return {
    name: 'child process',
    start() {
      const child = fork(fileURLToPath(entry), {
        serialization: 'advanced',
        execArgv: [],
        stdio: ['ignore', 'ignore', quiet ? 'ignore' : 'inherit', 'ipc'],
        env: { ...process.env, UV_THREADPOOL_SIZE: String(LIBUV_THREADS) },
      });
      const exited = new Promise<EngineExit>((resolve) => {
        child.once('exit', (code, signal) => resolve({ code, signal }));
        child.once('error', () => resolve({ code: null, signal: null }));
      });
      return {
        exited,
        send: (message) => {
          // An engine that has just died is reported by `exited`, not by whoever happened to write to it.
          if (child.connected) child.send(message, () => {});
        },
        onMessage: (listener) => child.on('message', listener),
        kill: () => child.kill('SIGKILL'),
      };
    },
  };
}

/** The engine's file: its source while developing and testing, its bundle once built. */
export function engineEntry(): URL {
  const base = import.meta.url;
  if (base.endsWith('.ts')) return new URL('../../engine/index.ts', base);
  return new URL(base.includes('/chunks/') ? '../engine.js' : './engine.js', base);
}
