import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { entryFile } from '../../shared/entry-file.ts';
import type { EngineExit, EngineHost } from './engine-host.ts';

/** What engines find in their environment beyond this process's own. */
export const ENGINE_ENVIRONMENT = {
  /** libvips decodes and encodes on libuv's threads, and files are read there too: four would be too few. */
  UV_THREADPOOL_SIZE: '8',
  /**
   * From 1.29 on, ONNX Runtime tells Microsoft about its sessions and marks the machine with an id, unless this
   * is set before it starts (microsoft/onnxruntime#27379). Nothing leaves this machine.
   */
  ORT_DISABLE_TELEMETRY: '1',
  /** CUDA's numbers of cards are then those of NVIDIA's other programs, which know their names. */
  CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
  /**
   * For glibc, which by itself keeps an arena for almost every thread and learns to keep large blocks, too: an engine
   * would hold a hundred megabytes more. Blocks from these many bytes on are the system's again when they are freed.
   */
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/**
 * Flags of V8, which holds for each thread up to 48 MB of objects that it has not looked at yet, and is slow to begin with
 * it: an engine has a dozen threads, makes few objects, and would grow for hours.
 */
const ENGINE_FLAGS = ['--max-semi-space-size=2'];

/**
 * Engines as child processes of this one. `entry` is the engine's file; `quiet` drops what native libraries
 * write to standard error; `program` is the Node that runs it, this process's own unless told.
 */
export function childProcessHost(
  entry: URL,
  { quiet = false, program = process.execPath }: { quiet?: boolean; program?: string } = {},
): EngineHost {
  return {
    name: 'child process',
    start() {
      const child = fork(fileURLToPath(entry), {
        serialization: 'advanced',
        execArgv: ENGINE_FLAGS,
        execPath: program,
        stdio: ['ignore', 'ignore', quiet ? 'ignore' : 'inherit', 'ipc'],
        env: { ...process.env, ...ENGINE_ENVIRONMENT },
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
  return entryFile(import.meta.url, '../../engine/index.ts', 'engine.js');
}
