import { basename, extname } from 'node:path';
import type { Readable } from 'node:stream';
import { EnlargerError } from '../../shared/errors.ts';

/** What a shell answers for a picture, whatever carries it. */
export interface MediaResponse {
  status: 200 | 304;
  headers: Record<string, string>;
  /** Absent for 304 and for HEAD. Whoever does not read it to its end destroys it. */
  body?: Readable;
}

/** What of a request's headers matters here. */
export interface MediaConditions {
  ifNoneMatch?: string | undefined;
  /** Only the headers are wanted. */
  head?: boolean;
}

const TYPES: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.jpe': 'image/jpeg',
  '.jfif': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.zip': 'application/zip',
};

/** Headers of something to be saved as a file of the name of `path`, whatever a browser could do with it. */
export function attachment(path: string): Record<string, string> {
  const name = basename(path).normalize('NFC');
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  // Source of the second form: RFC 8187, which browsers prefer.
  const coded = encodeURIComponent(name).replaceAll(/['()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return {
    'content-type': TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream',
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${coded}`,
    'cache-control': 'private, no-store',
  };
}

/** What a preview is, by its first bytes: transparency makes it a PNG. */
export function pictureType(head: Buffer): string {
  return head[0] === 0xff ? 'image/jpeg' : 'image/png';
}

export function gone(file: string): EnlargerError {
  return new EnlargerError('not-found', `${file}: there is no such file any more.`, { file });
}
