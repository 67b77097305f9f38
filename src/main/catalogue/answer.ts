import type { IncomingMessage } from 'node:http';

/** What the headers of an answer to a GET with Range say (RFC 9110, sections 8.8 and 14). */
export type Answered =
  /** The whole file begins, of so many bytes where the host says. */
  | { kind: 'whole'; total: number | null; validator: string | null }
  /** It goes on at byte `start` of `total`. */
  | { kind: 'rest'; start: number; total: number | null; validator: string | null }
  /** The host has nothing at the byte that was asked for. */
  | { kind: 'nothing-there' }
  /** The file is not there, or not for us. */
  | { kind: 'gone'; status: number }
  /** The host is busy, or out of order: another time it may answer. */
  | { kind: 'busy'; status: number }
  | { kind: 'refused'; reason: string };

const BUSY = [408, 425, 429];

export function readAnswer({ statusCode: status = 0, headers }: IncomingMessage): Answered {
  if (status === 416) return { kind: 'nothing-there' };
  if (status === 404 || status === 410) return { kind: 'gone', status };
  if (status >= 500 || BUSY.includes(status)) return { kind: 'busy', status };
  if (status !== 200 && status !== 206) return { kind: 'refused', reason: `it answered ${status}` };
  const encoding = headers['content-encoding'] ?? 'identity';
  // Of a packed answer neither length nor hash would be the file's.
  if (encoding !== 'identity') return { kind: 'refused', reason: `it sent the file packed as ${encoding}` };
  const validator = validatorOf(headers);
  if (status === 200) {
    return { kind: 'whole', total: wholeNumber(headers['content-length']), validator };
  }
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '');
  if (!range) return { kind: 'refused', reason: 'it does not say which part of the file it sent' };
  return { kind: 'rest', start: Number(range[1]), total: wholeNumber(range[2]), validator };
}

/** What If-Range takes: a strong ETag, else the date of the last change; null where the host gives neither. */
function validatorOf({ etag, 'last-modified': changed }: IncomingMessage['headers']): string | null {
  if (etag && !etag.startsWith('W/')) return etag;
  return changed || null;
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
