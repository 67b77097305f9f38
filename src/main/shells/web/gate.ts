import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What of a request decides whether it is let in. */
export interface Knock {
  method: string;
  headers: IncomingHttpHeaders;
  /** The port that it came to. */
  port: number;
}

const SECRET_BYTES = 32;
const METHODS = new Set(['GET', 'HEAD', 'POST']);

/**
 * Who may talk to the web shell: the page that it served itself, in a browser that was given the address. Other users
 * of the machine, and pages from elsewhere that the same browser has open, are none of these.
 */
export class Gate {
  /** Stands in the address that is printed; good for nothing but a session. */
  readonly key = secret();
  /** Stands in a cookie, and never in an address. */
  readonly #session = secret();

  /**
   * Why a request is refused, as a status; undefined if it is not. What it may do without a session is for the caller
   * to know.
   *
   * The host is checked because a stranger's page can resolve its own name to 127.0.0.1 and would then be of the same
   * origin as what it is answered (DNS rebinding); the origin, because any page may post to any address, and open
   * sockets, without asking.
   */
  refuses({ method, headers, port }: Knock): 403 | 405 | undefined {
    const host = headers.host ?? '';
    if (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`) return 403;
    if (!METHODS.has(method)) return 405;
    if (headers.origin === undefined) return method === 'POST' ? 403 : undefined;
    return headers.origin === `http://${host}` ? undefined : 403;
  }

  /** Whether the request comes with the session, from a page of ours or from no page at all. */
  hasSession({ headers, port }: Pick<Knock, 'headers' | 'port'>): boolean {
    const site = headers['sec-fetch-site'];
    // A page on another port of this machine is of the same site, and its requests would carry the cookie.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
    const cookies = (headers.cookie ?? '').split(/; */);
    const prefix = `${cookieName(port)}=`;
    return cookies.some(
      (cookie) => cookie.startsWith(prefix) && same(cookie.slice(prefix.length), this.#session),
    );
  }

  isKey(key: string): boolean {
    return same(key, this.key);
  }

  /** The header that gives a browser the session, until it is closed. */
  sessionCookie(port: number): string {
    return `${cookieName(port)}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }
}

/** Cookies do not tell ports apart, and two shells may run on one machine. */
const cookieName = (port: number) => `enlarger-${port}`;

const secret = () => randomBytes(SECRET_BYTES).toString('base64url');

/** In the same time wherever they differ. */
function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
