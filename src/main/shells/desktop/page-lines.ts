import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, MessageChannelMain } from 'electron';
import { z } from 'zod';
import { CHANNELS } from '../../../shared/contract/bridge.ts';
import type { Offered } from '../../../shared/contract/input.ts';
import { EnlargerError } from '../../../shared/errors.ts';
import type { EnlargerRouter } from '../../router/router.ts';
import { servePort } from '../../router/serve-line.ts';
import { isFromOwnPage } from './own-page.ts';

/** Paths that come from the preload, as many as one batch may name. */
const pathsSchema = z.array(z.string().min(1).max(32_768)).max(10_000);

interface Line {
  close(): void;
}

/** Answers the preload: lines for its page, and tokens for what the system has given it. Returns what ends that. */
export function answerPreload(
  router: EnlargerRouter,
  offer: (paths: readonly string[]) => Promise<Offered[]>,
): () => void {
  const lines = new Set<Line>();

  const connect = (event: IpcMainEvent) => {
    if (!isFromOwnPage(event)) return;
    const { port1, port2 } = new MessageChannelMain();
    lines.add(port1);
    // It ends with the page at its other end, and what that iterated ends with it.
    port1.on('close', () => lines.delete(port1));
    servePort(router, port1);
    port1.start();
    event.sender.postMessage(CHANNELS.port, null, [port2]);
  };

  const tokens = (event: IpcMainInvokeEvent, paths: unknown) => {
    if (isFromOwnPage(event)) return offer(pathsSchema.parse(paths));
    throw new EnlargerError('permission-denied', "Only Enlarger's own page may ask for this.");
  };

  ipcMain.on(CHANNELS.connect, connect);
  ipcMain.handle(CHANNELS.tokens, tokens);
  return () => {
    ipcMain.off(CHANNELS.connect, connect);
    ipcMain.removeHandler(CHANNELS.tokens);
    for (const line of lines) line.close();
  };
}
