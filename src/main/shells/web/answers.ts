import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { asEnlargerError } from '../../../shared/errors.ts';
import type { MediaResponse } from '../../media/media-response.ts';
import { SECURITY_HEADERS } from '../content-policy.ts';
import { statusOf } from '../error-status.ts';

/** Takes the place of `writeHead`. */
export function begin(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'cache-control': 'no-store', ...headers });
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

/** An error of ours, with its code, message and file. */
export function failed(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const typed = asEnlargerError(error, 'internal');
  json(response, statusOf(typed), typed.toJSON());
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
  // Who goes away in the middle wanted no more of it. If they have gone before, the body is not closed by itself.
  await pipeline(body, response).catch(() => body.destroy());
}
