import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { type RunningWeb, startWeb, type WebOptions } from '../../../src/main/shells/web/start-web.ts';
import type { EnlargerClient } from '../../../src/shared/contract/contract.ts';
import type { EnlargerEvent } from '../../../src/shared/contract/events.ts';
import { type Uploaded, uploadedSchema } from '../../../src/shared/contract/input.ts';
import type { RecipeChoice } from '../../../src/shared/contract/recipe.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** What makes small pictures quick: nothing is measured first, and a session for small tiles warms up soon. */
export const QUICK: RecipeChoice = { variant: 'fp32', tile: 32 };

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Asked {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: Uint8Array | Readable;
}

/** Asks for `path` exactly as it is written: `fetch` would tidy it up, and set the host. */
export async function ask(origin: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { host, port } = new URL(origin);
  const headers = { host, ...asked.headers };
  const call = request({
    host: '127.0.0.1',
    port,
    path,
    method: asked.method ?? 'GET',
    headers,
    agent: false,
  });
  const responding = once(call, 'response');
  if (asked.body) {
    const body = asked.body instanceof Uint8Array ? Readable.from([asked.body]) : asked.body;
    // A server that refuses does not read on; its answer counts.
    void pipeline(body, call).catch(() => {});
  } else call.end();
  const [response] = await responding;
  const chunks: Buffer[] = await response.toArray();
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

/** The web shell with a state and a root of its own, and a real engine; it ends with the test. */
export async function startShell(
  options: WebOptions = {},
): Promise<{ web: RunningWeb; root: string; state: string }> {
  const folder = await temporaryFolder();
  const root = join(folder, 'root');
  await mkdir(root, { recursive: true });
  const state = options.state ?? join(folder, 'state');
  const host = childProcessHost(engineEntry(), { quiet: true });
  const web = await startWeb({ root, host, memoryBudget: 1e9, ...options, state });
  onTestFinished(() => web[Symbol.asyncDispose]());
  return { web, root, state };
}

/** A page that was given the address: what a browser does, without one. */
export class Page {
  readonly origin: string;
  readonly cookie: string;
  readonly client: EnlargerClient;
  readonly socket: WebSocket;

  private constructor(origin: string, cookie: string, socket: WebSocket) {
    this.origin = origin;
    this.cookie = cookie;
    this.socket = socket;
    // The types of browsers and of ws say the same in other words.
    const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
    this.client = createORPCClient(link);
  }

  static async open({ address, origin }: Pick<RunningWeb, 'address' | 'origin'>): Promise<Page> {
    const cookie = await sessionOf(address);
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/line`, { headers: { cookie, origin } });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    return new Page(origin, cookie, socket);
  }

  get(path: string, asked: Asked = {}): Promise<Answer> {
    return ask(this.origin, path, { ...asked, headers: { cookie: this.cookie, ...asked.headers } });
  }

  post(path: string, body: Asked['body'], headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    const own = { origin: this.origin, ...headers };
    return this.get(path, { method: 'POST', headers: own, ...(body ? { body } : {}) });
  }

  async upload(name: string, bytes: Uint8Array, folder?: string): Promise<Uploaded> {
    const query = new URLSearchParams({ name, ...(folder === undefined ? {} : { folder }) });
    const answer = await this.post(`/upload?${query}`, bytes);
    return uploadedSchema.parse(JSON.parse(answer.body.toString()));
  }

  /** Listens from now on; resolves once the first message is there. */
  async listen(): Promise<Listener> {
    const listener = new Listener(this.client);
    await listener.until(({ engine }) => engine !== undefined);
    return listener;
  }
}

/** The session that an address is good for, as the header that a browser would send. */
export async function sessionOf(address: string): Promise<string> {
  const { pathname, search, origin } = new URL(address);
  const { headers } = await ask(origin, pathname + search);
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** Everything that a page has been told. */
export class Listener {
  readonly events: EnlargerEvent[] = [];
  /** `performance.now()` when each came. */
  readonly times: number[] = [];
  readonly #abort = new AbortController();
  #came = Promise.withResolvers<void>();

  constructor(client: EnlargerClient) {
    onTestFinished(() => this.#abort.abort());
    void this.#listen(client).catch(() => {});
  }

  /** Resolves with the first message, of those past too, that `wanted` says yes to. */
  async until(wanted: (event: EnlargerEvent) => boolean): Promise<EnlargerEvent> {
    for (let next = 0; ; ) {
      for (; next < this.events.length; next++) {
        const event = this.events[next] as EnlargerEvent;
        if (wanted(event)) return event;
      }
      await this.#came.promise;
    }
  }

  /** Resolves once a batch is told to be in one of these states. */
  async batchIs(batchId: number, ...states: string[]): Promise<void> {
    await this.until(({ batches }) =>
      (batches ?? []).some(({ id, state }) => id === batchId && states.includes(state)),
    );
  }

  async #listen(client: EnlargerClient): Promise<void> {
    for await (const event of await client.events(undefined, { signal: this.#abort.signal })) {
      this.events.push(event);
      this.times.push(performance.now());
      this.#came.resolve();
      this.#came = Promise.withResolvers();
    }
  }
}
