import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/**
 * Serves the renderer in `folder` to browsers on this machine. Resolves to its address.
 *
 * Requests must name the loopback address as their host: a page of a stranger's that resolves its own name
 * to 127.0.0.1 would otherwise be let in as a neighbour (DNS rebinding).
 */
export async function startWeb(folder: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const { port } = server.address() as AddressInfo;
    const refuse = (status: number) => response.writeHead(status).end();
    if (![`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '')) return refuse(403);
    if (request.method !== 'GET') return refuse(405);
    const pathname = URL.parse(request.url ?? '/', 'http://localhost')?.pathname;
    if (pathname === undefined) return refuse(400);
    const path = normalize(pathname === '/' ? '/index.html' : pathname);
    const type = TYPES[extname(path)];
    const body = type && (await readFile(join(folder, path)).catch(() => undefined));
    if (!body) return refuse(404);
    response.writeHead(200, {
      'content-type': type,
      'content-security-policy': "default-src 'self'",
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
