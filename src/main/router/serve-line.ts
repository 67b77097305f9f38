import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { EnlargerRouter } from './router.ts';

/** Serves the contract to pages, one connection at a time, over whatever carries it. */

/** The port that a shell holds: Electron's, Node's, or a browser's. */
type Port = Parameters<PortHandler<Record<never, never>>['upgrade']>[0];

/**
 * Serves a page at the other end of `socket`. A message counts as sent when the system has taken it, so that a page
 * which reads slowly is told less often, and main holds nothing back for it.
 */
export function serveSocket(router: EnlargerRouter, socket: WebSocket): void {
  const send = (data: string | Buffer) =>
    new Promise<void>((resolve) => {
      // A line that is cut ends its iterators; that this message did not arrive is nobody's failure.
      socket.send(data, () => resolve());
    });
  const paced = { addEventListener: socket.addEventListener.bind(socket), send };
  void new SocketHandler(router).upgrade(paced as unknown as WebSocket);
}

/** Serves a page at the other end of `port`; whoever has made it starts it. */
export function servePort(router: EnlargerRouter, port: Port): void {
  new PortHandler(router).upgrade(port);
}
