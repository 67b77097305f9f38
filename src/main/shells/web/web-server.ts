import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { parseMedia } from '../../../shared/contract/media.ts';
import type { Application } from '../../application/application.ts';
import { prometheusText } from '../../metrics/prometheus.ts';
import { createRouter, type EnlargerRouter } from '../../router/router.ts';
import { serveSocket } from '../../router/serve-line.ts';
import { begin, failed, json, media, refuse } from './answers.ts';
import { Gate } from './gate.ts';
import { serveStatic } from './static-files.ts';

export interface WebServerOptions {
  application: Application;
  /** Folder of the page. */
  renderer: string;
  /** 0: any that is free. */
  port: number;
}

/** Bytes of one message of a page; the largest names ten thousand files. */
const LARGEST_MESSAGE = 4_000_000;
/** A connection on which nothing moves for so long is given up, milliseconds; an upload may take hours as long as it moves. */
const IDLE = 120_000;

/** The web shell's server: on the loopback address only, and only for who was given its address. */
export class WebServer implements AsyncDisposable {
  readonly #application: Application;
  readonly #renderer: string;
  readonly #gate = new Gate();
  readonly #router: EnlargerRouter;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });

  private constructor({ application, renderer }: WebServerOptions) {
    this.#application = application;
    this.#renderer = renderer;
    this.#router = createRouter(application);
    this.#server = createServer({ requestTimeout: 0 }, (request, response) => {
      this.#answer(request, response).catch((error: unknown) => failed(response, error));
    });
    this.#server.setTimeout(IDLE);
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Resolves when it listens. Rejects with what the system says, such as that the port is taken. */
  static async start(options: WebServerOptions): Promise<WebServer> {
    const server = new WebServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(options.port, '127.0.0.1', resolve);
    });
    return server;
  }

  /** For the first visit: with the key that is exchanged for a session. */
  get address(): string {
    return `${this.origin}/?key=${this.#gate.key}`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const port = this.#port;
    const refusal = this.#gate.refuses({ method, headers, port });
    if (refusal) return refuse(response, refusal);
    const [pathname = '', search = ''] = (request.url ?? '').split('?', 2);
    const query = new URLSearchParams(search);
    const key = query.get('key');
    if (method === 'GET' && pathname === '/' && key !== null) return this.#welcome(response, key);
    if (!this.#gate.hasSession({ headers, port })) return this.#lost(response, pathname);
    if (method === 'POST') {
      if (pathname === '/upload') return this.#upload(request, response, query);
      return refuse(response, 405);
    }
    const head = method === 'HEAD';
    if (pathname === '/metrics') return this.#metrics(response, head);
    if (!pathname.startsWith('/media/')) return serveStatic(this.#renderer, pathname, response, head);
    const asked = parseMedia(pathname.slice('/media'.length), query);
    if (!asked) return refuse(response, 404);
    const conditions = { head, ifNoneMatch: headers['if-none-match'] };
    return media(response, await this.#application.services.media.handle(asked, conditions));
  }

  /**
   * Exchanges the key for a session. The page then goes on by itself: where the address was clicked on in another page,
   * a redirection would count as that page's, and the browser would keep the cookie back.
   */
  #welcome(response: ServerResponse, key: string): void {
    if (!this.#gate.isKey(key)) {
      refuse(response, 403);
      return;
    }
    begin(response, 200, {
      'content-type': 'text/html; charset=utf-8',
      'set-cookie': this.#gate.sessionCookie(this.#port),
    });
    response.end('<!doctype html><meta http-equiv="refresh" content="0; url=/"><title>Enlarger</title>');
  }

  /** Without a session: who typed the address is told what is missing, and nobody anything else. */
  #lost(response: ServerResponse, pathname: string): void {
    if (pathname !== '/') {
      refuse(response, 403);
      return;
    }
    begin(response, 403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
    response.end('Open the whole address that Enlarger printed when it started.\n');
  }

  /** The newest figures, for monitoring programs that are given the cookie. */
  async #metrics(response: ServerResponse, head: boolean): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const sample = head ? undefined : await this.#application.services.metrics.latest(gone.signal);
    begin(response, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(sample && prometheusText(sample));
  }

  async #upload(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    const { uploads } = this.#application.services.places;
    if (!uploads) return refuse(response, 404);
    try {
      const expected = Number(request.headers['content-length'] ?? 0);
      const lay = query.get('folder') ?? '';
      json(response, 201, await uploads.add(query.get('name') ?? '', request, { expected, lay }));
    } catch (error) {
      // What is still coming is not read; the connection goes with it.
      response.setHeader('connection', 'close');
      failed(response, error);
    }
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { headers, method = '' } = request;
    const knock = { method, headers, port: this.#port };
    const ours = headers.origin !== undefined && !this.#gate.refuses(knock) && this.#gate.hasSession(knock);
    if (!ours || request.url !== '/line') {
      socket.on('error', () => {});
      socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (line) => {
      line.on('error', () => line.terminate());
      serveSocket(this.#router, line);
    });
  }
}
