import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import type { EngineHost } from '../../../src/main/engine/engine-host.ts';
import type { ToEngine } from '../../../src/shared/engine-protocol.ts';

/** Real engines; `act` is done with each when it has been asked for `request`, at its start where none is named. */
export function aroundStart(act: (engine: { kill(): void }) => void, request = 'configure'): EngineHost {
  return sendingBy((message, send, engine) => {
    send();
    if (message.request === request) act(engine);
  });
}

/** Real engines, each of which is asked for `request` only once what `before` does has ended. */
export function delaying(request: string, before: () => Promise<unknown>): EngineHost {
  return sendingBy((message, send) => {
    if (message.request === request) void before().finally(send);
    else send();
  });
}

/** Real engines, and all that they are asked. */
export function overheard(): { host: EngineHost; messages: ToEngine[] } {
  const messages: ToEngine[] = [];
  const host = sendingBy((message, send) => {
    messages.push(message);
    send();
  });
  return { host, messages };
}

export const noEngines: EngineHost = {
  name: 'none',
  start: () => {
    throw new Error('No engine is needed for this.');
  },
};

function sendingBy(
  deliver: (message: ToEngine, send: () => void, engine: { kill(): void }) => void,
): EngineHost {
  const host = childProcessHost(engineEntry(), { quiet: true });
  return {
    ...host,
    start: () => {
      const link = host.start();
      return { ...link, send: (message) => deliver(message, () => link.send(message), link) };
    },
  };
}
