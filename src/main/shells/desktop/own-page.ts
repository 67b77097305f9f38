import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron';
import { APP_ORIGIN } from './app-scheme.ts';

/** Whether a message comes from our page: the main frame of its window, still showing what we serve. */
export function isFromOwnPage({
  sender,
  senderFrame,
}: Pick<IpcMainEvent | IpcMainInvokeEvent, 'sender' | 'senderFrame'>): boolean {
  return (
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame.frameTreeNodeId === sender.mainFrame.frameTreeNodeId &&
    senderFrame.origin === APP_ORIGIN
  );
}
