import type { EnginePort } from '../shared/engine-protocol.ts';

/** The line to main: of a process that Node has forked, or of a utility process of Electron's. */
export function mainLine(): EnginePort {
  // Electron's types promise it everywhere; it is there in utility processes only.
  const parent: Electron.ParentPort | undefined = process.parentPort;
  if (parent) {
    return {
      send: (message) => parent.postMessage(message),
      onMessage: (listener) => parent.on('message', ({ data }) => listener(data)),
    };
  }
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    onMessage: (listener) => process.on('message', listener),
  };
}
