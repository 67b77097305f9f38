import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import { ENGINE_ENVIRONMENT } from '../../engine/child-process-host.ts';
import type { EngineExit, EngineHost } from '../../engine/engine-host.ts';

/** Engines as utility processes of Electron: Node programs that Chromium starts, with its own copy of Node. */
export function utilityProcessHost(entry: URL): EngineHost {
  return {
    name: 'utility process',
    start() {
      const child = utilityProcess.fork(fileURLToPath(entry), [], {
        serviceName: 'Enlarger engine',
        stdio: 'ignore',
        env: { ...process.env, ...ENGINE_ENVIRONMENT },
      });
      let killed = false;
      const kill = () => {
        killed = true;
        if (child.pid === undefined) return;
        endAtOnce(child.pid);
        child.kill();
      };
      child.once('spawn', () => {
        if (killed) kill();
      });
      const exited = new Promise<EngineExit>((resolve) => {
        child.once('exit', (code) => resolve(exitOf(code, killed)));
      });
      return {
        exited,
        send: (message) => {
          if (!killed) child.postMessage(message);
        },
        onMessage: (listener) => child.on('message', listener),
        kill,
      };
    },
  };
}

/** Chromium asks politely; an engine in the middle of an inference would hear of it too late. */
function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Electron tells a number only; of an end by our own hand we know better. */
function exitOf(code: number, killed: boolean): EngineExit {
  return killed ? { code: null, signal: 'SIGKILL' } : { code, signal: null };
}
