import { EventEmitter } from 'node:events';
import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron';

type Handler = (event: IpcMainInvokeEvent, ...args: unknown[]) => unknown;

/** What comes from preloads. */
class StandInIpc extends EventEmitter {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.#handlers.set(channel, handler);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** A message that nobody waits for an answer to. */
  receive(channel: string, event: Partial<IpcMainEvent>, args: unknown[]): void {
    this.emit(channel, event, ...args);
  }

  /** A message that is answered; rejects in the words that Electron puts around an error. */
  async invoke(channel: string, event: Partial<IpcMainInvokeEvent>, args: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    try {
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      return await handler(event as IpcMainInvokeEvent, ...args);
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${error}`);
    }
  }
}

export const ipcMain = new StandInIpc();
