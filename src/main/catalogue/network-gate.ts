import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestPlain } from 'node:http';
import { request } from 'node:https';
import { EnlargerError } from '../../shared/errors.ts';
import { asDownloadError, downloadFailed } from './download-error.ts';

/** Where an address may lead on to others: GitHub and Hugging Face take two. */
const MOST_REDIRECTS = 5;

export interface NetworkRules {
  /** Addresses that may be asked for; where they redirect to is up to their hosts. */
  addresses: readonly string[];
  /** Whether the user lets anything use the network, asked before every request. */
  allowed: () => boolean;
  /** Lets http:// through to this machine itself. For tests, which have no certificates. */
  plainLoopback?: boolean;
}

/** A request as the gate passes it on; aborting `signal` cuts the answer off as well. */
export interface Question {
  /** What the request is for, for messages. */
  id: string;
  address: string;
  headers: Record<string, string>;
  signal: AbortSignal;
}

/**
 * The only way out of this machine. Nothing else in main may open a connection, which `npm run check` and a test on
 * the system's calls both watch over.
 */
export class NetworkGate {
  readonly #rules: NetworkRules;
  readonly #addresses: ReadonlySet<string>;

  constructor(rules: NetworkRules) {
    this.#rules = rules;
    this.#addresses = new Set(rules.addresses);
  }

  /** Why nothing may use the network, in words; undefined where downloads may. */
  get closed(): string | undefined {
    if (isOffline()) {
      return 'Enlarger was started offline (--offline, or ENLARGER_OFFLINE). Start it without to download models.';
    }
    if (!this.#rules.allowed()) {
      return 'The settings forbid Enlarger to use the network. Allow it there to download models.';
    }
    return undefined;
  }

  /** Throws `offline` where nothing may use the network. */
  expectOpen(id: string): void {
    const { closed } = this;
    if (closed === undefined) return;
    throw new EnlargerError('offline', `${id}: not downloaded. ${closed}`);
  }

  /**
   * Asks by GET and follows redirects, to https only. Throws `offline` before any connection is made, `bad-argument` for an
   * address that is not in the catalogue, and `download-failed` for whatever goes wrong on the way.
   */
  async get({ id, address, headers, signal }: Question): Promise<IncomingMessage> {
    if (!this.#addresses.has(address)) {
      throw new EnlargerError('bad-argument', `${id}: its address is not in the catalogue of models.`);
    }
    let url = this.#expectAllowed(id, new URL(address));
    for (let redirects = 0; ; redirects++) {
      this.expectOpen(id);
      const answer = await this.#ask(url, headers, signal).catch((error: unknown) => {
        throw asDownloadError(error, id, url.host);
      });
      const { statusCode = 0, headers: answered } = answer;
      if (![301, 302, 303, 307, 308].includes(statusCode) || answered.location === undefined) return answer;
      answer.destroy();
      const next = URL.parse(answered.location, url);
      if (next === null) throw downloadFailed(id, url.host, 'it leads to nowhere');
      if (redirects === MOST_REDIRECTS) {
        throw downloadFailed(id, url.host, 'it leads from one address to the next without an end');
      }
      url = this.#expectAllowed(id, next, url);
    }
  }

  #expectAllowed(id: string, url: URL, from?: URL): URL {
    const loopback = this.#rules.plainLoopback === true && url.hostname === '127.0.0.1';
    if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return url;
    const reason = `it leads to ${url.protocol}//${url.host}, which is not protected by https; nothing was fetched from there`;
    throw downloadFailed(id, (from ?? url).host, reason);
  }

  #ask(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    const options: RequestOptions = { headers, signal, agent: false };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const call = url.protocol === 'https:' ? request(url, options) : requestPlain(url, options);
    call.once('response', resolve).on('error', reject).end();
    return promise;
  }
}

/** ENLARGER_OFFLINE closes the gate whatever the settings say; `--offline` sets it. */
function isOffline(): boolean {
  const { ENLARGER_OFFLINE = '' } = process.env;
  return !['', '0', 'false'].includes(ENLARGER_OFFLINE);
}
