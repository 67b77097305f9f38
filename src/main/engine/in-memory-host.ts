import { MessageChannel } from 'node:worker_threads';
import type { EnginePort } from '../../shared/engine-protocol.ts';
import type { EngineExit, EngineHost } from './engine-host.ts';

/**
 * An engine in this very process, for tests and debuggers. Messages still cross a port, so that what could
 * not be cloned between processes fails here too. `serve` starts an engine on its end of the line.
 */
export function inMemoryHost(serve: (port: EnginePort) => void): EngineHost {
  return {
    name: 'in memory',
    start() {
      const { port1, port2 } = new MessageChannel();
      const exit = Promise.withResolvers<EngineExit>();
      serve({
        send: (message) => port2.postMessage(message),
        onMessage: (listener) => port2.on('message', listener),
      });
      return {
        exited: exit.promise,
        send: (message) => port1.postMessage(message),
        onMessage: (listener) => port1.on('message', listener),
        kill: () => {
          port1.close();
          exit.resolve({ code: null, signal: 'SIGKILL' });
        },
      };
    },
  };
}
