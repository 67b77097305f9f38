import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { begin, refuse } from './answers.ts';

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

/** Serves what a page is made of from `folder`, and nothing from outside it. `pathname` as it was asked for. */
export async function serveStatic(
  folder: string,
  pathname: string,
  response: ServerResponse,
  head: boolean,
): Promise<void> {
  // Nothing of ours has a name that would have to be coded: what is coded is looked for as it stands.
  const path = normalize(pathname === '/' ? '/index.html' : pathname);
  const type = TYPES[extname(path)];
  const outside = /^[/\\]?\.\.|[\\\0]/.test(path);
  const body = type && !outside ? await readFile(join(folder, path)).catch(() => undefined) : undefined;
  if (!type || !body) return refuse(response, 404);
  begin(response, 200, { 'content-type': type, 'content-length': String(body.length) });
  response.end(head ? undefined : body);
}
