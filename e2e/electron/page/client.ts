/** The page of these tests: no more than the line to main, for tests to use. */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { type Bridge, PORT_MESSAGE } from '../../../src/shared/contract/bridge.ts';
import type { EnlargerClient } from '../../../src/shared/contract/contract.ts';
import type { EnlargerEvent } from '../../../src/shared/contract/events.ts';
import type { Offered } from '../../../src/shared/contract/input.ts';

export interface TestPage {
  client: EnlargerClient;
  /** Everything that this page has been told. */
  events: EnlargerEvent[];
  /** Resolves with the first message, of those past too, that `wanted` says yes to. */
  until(wanted: (event: EnlargerEvent) => boolean): Promise<EnlargerEvent>;
  /** Resolves with what the next drop is worth. */
  dropped: Promise<Offered[]>;
}

declare global {
  interface Window {
    /** Resolves when the line is there and the first message has come. */
    test: Promise<TestPage>;
  }
}

async function connect(bridge: Bridge): Promise<TestPage> {
  const port = await new Promise<MessagePort>((resolve) => {
    window.addEventListener('message', ({ data, source, ports: [first] }) => {
      if (source === window && data === PORT_MESSAGE && first) resolve(first);
    });
    bridge.connect();
  });
  const client: EnlargerClient = createORPCClient(new RPCLink({ port }));
  port.start();
  const events: EnlargerEvent[] = [];
  let came = Promise.withResolvers<void>();
  const listen = async () => {
    for await (const event of await client.events()) {
      events.push(event);
      came.resolve();
      came = Promise.withResolvers();
    }
  };
  void listen();
  const until: TestPage['until'] = async (wanted) => {
    for (let next = 0; ; ) {
      for (; next < events.length; next++) {
        const event = events[next];
        if (event && wanted(event)) return event;
      }
      await came.promise;
    }
  };
  await until(() => true);
  const dropped = new Promise<Offered[]>((resolve, reject) => {
    window.addEventListener('dragover', (event) => event.preventDefault());
    window.addEventListener('drop', (event) => {
      event.preventDefault();
      bridge.tokens([...(event.dataTransfer?.files ?? [])]).then(resolve, reject);
    });
  });
  return { client, events, until, dropped };
}

if (window.enlarger) window.test = connect(window.enlarger);
