import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { type Bridge, PORT_MESSAGE } from '../../shared/contract/bridge.ts';
import type { EnlargerClient } from '../../shared/contract/contract.ts';

/** A line to main, until it is cut. */
export interface Line {
  client: EnlargerClient;
  /** Resolves when the line is cut: main has ended, or the network between. */
  cut: Promise<void>;
}

/** Opens a line to main, whichever shell this page is in. Rejects if main does not answer. */
export function openLine(): Promise<Line> {
  return window.enlarger ? openPortLine(window.enlarger) : openSocketLine();
}

function openPortLine(bridge: Bridge): Promise<Line> {
  const { promise, resolve } = Promise.withResolvers<Line>();
  const listener = ({ data, source, ports: [port] }: MessageEvent) => {
    if (source !== window || data !== PORT_MESSAGE || !port) return;
    window.removeEventListener('message', listener);
    const cut = new Promise<void>((ended) => port.addEventListener('close', () => ended()));
    const client: EnlargerClient = createORPCClient(new PortLink({ port }));
    port.start();
    resolve({ client, cut });
  };
  window.addEventListener('message', listener);
  bridge.connect();
  return promise;
}

async function openSocketLine(): Promise<Line> {
  const address = new URL('/line', window.location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address);
  const cut = new Promise<void>((ended) => socket.addEventListener('close', () => ended()));
  const client: EnlargerClient = createORPCClient(new SocketLink({ websocket: socket }));
  await new Promise<void>((opened, failed) => {
    socket.addEventListener('open', () => opened(), { once: true });
    cut.then(() => failed(new Error('closed')));
  });
  return { client, cut };
}
