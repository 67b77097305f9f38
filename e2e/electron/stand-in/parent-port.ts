import { EventEmitter } from 'node:events';

/** Gives a forked process what one of Electron's utility processes has in place of Node's own line. */
class ParentPort extends EventEmitter {
  readonly #waiting: unknown[] = [];
  readonly #send = process.send?.bind(process);

  constructor() {
    super();
    process.on('message', (data) => {
      if (this.listenerCount('message') > 0) this.emit('message', { data, ports: [] });
      else this.#waiting.push(data);
    });
    this.on('newListener', (name) => {
      if (name !== 'message') return;
      setImmediate(() => {
        for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
      });
    });
  }

  postMessage(message: unknown): void {
    this.#send?.(message);
  }
}

// Threads begin with this too, and have no such line.
if (process.send) {
  const parentPort = new ParentPort();
  Object.defineProperty(process, 'parentPort', { value: parentPort });
  Object.defineProperty(process, 'send', { value: undefined });
}
