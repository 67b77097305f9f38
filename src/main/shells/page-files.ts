import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webp': 'image/webp',
  '.png': 'image/png',
};

/**
 * One of the files that a page is made of, from `folder` and nothing from outside it; undefined where there is none.
 * `pathname` as it was asked for, `/` being the page itself.
 */
export async function readPageFile(
  folder: string,
  pathname: string,
): Promise<{ type: string; body: Buffer<ArrayBuffer> } | undefined> {
  // Nothing of ours has a name that would have to be coded: what is coded is looked for as it stands.
  const path = normalize(pathname === '/' ? '/index.html' : pathname);
  const type = TYPES[extname(path)];
  if (!type || /^[/\\]?\.\.|[\\\0]/.test(path)) return undefined;
  const body = await readFile(join(folder, path)).catch(() => undefined);
  return body && { type, body };
}
