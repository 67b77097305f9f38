import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { asEnlargerError, type ErrorCode } from '../../../shared/errors.ts';
import type { MediaResponse } from '../../media/media-response.ts';

/** What every answer says: nothing from elsewhere is loaded, nothing is framed, guessed at, or told to others. */
const HEADERS: Record<string, string> = {
  'content-security-policy': [
    "default-src 'self'",
    "img-src 'self' blob: data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Takes the place of `writeHead`. */
export function begin(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...HEADERS, 'cache-control': 'no-store', ...headers });
}

/** Says no without a word: who is refused has no business to know more. */
export function refuse(response: ServerResponse, status: number): void {
  // What is still coming is not read; the connection goes with it.
  begin(response, status, { 'content-length': '0', connection: 'close' });
  response.end();
}

export function json(response: ServerResponse, status: number, data: unknown): void {
  begin(response, status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(data));
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-argument': 400,
  'disk-full': 507,
  'not-found': 404,
  'permission-denied': 403,
  'too-large': 413,
};

/** An error of ours, with its code, message and file. */
export function failed(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const typed = asEnlargerError(error, 'internal');
  json(response, STATUS[typed.code] ?? 422, typed.toJSON());
}

/** Sends a picture, as fast as it is taken. */
export async function media(
  response: ServerResponse,
  { status, headers, body }: MediaResponse,
): Promise<void> {
  begin(response, status, headers);
  if (!body) {
    response.end();
    return;
  }
  // Who goes away in the middle wanted no more of it.
  await pipeline(body, response).catch(() => {});
}
