import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { installationFolder } from '../../../src/main/installation.ts';
import { startWeb } from '../../../src/main/shells/web/start-web.ts';
import { temporaryFolder } from '../../support/pictures.ts';

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Asks for `path` exactly as it is written: `fetch` would tidy it up, and set the host. */
async function ask(
  address: string,
  path: string,
  { method = 'GET', host = new URL(address).host } = {},
): Promise<Answer> {
  const { port } = new URL(address);
  const asked = request({ host: '127.0.0.1', port, path, method, headers: { host }, agent: false }).end();
  const [response] = await once(asked, 'response');
  const { statusCode, headers } = response;
  return { status: statusCode, headers, body: (await response.toArray()).join('') };
}

/** A served folder with a page, a script, and a secret beside it. */
async function serve(): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'site', 'assets'), { recursive: true });
  await writeFile(join(root, 'site', 'index.html'), '<h1>Enlarger</h1>');
  await writeFile(join(root, 'site', 'assets', 'app.js'), 'start()');
  await writeFile(join(root, 'site', 'notes.txt'), 'not for browsers');
  await writeFile(join(root, 'secret.html'), 'secret');
  return startWeb(join(root, 'site'));
}

describe('startWeb', () => {
  it('serves the page and what it is made of, on the loopback address only', async () => {
    const address = await serve();
    const answers = await Promise.all(
      ['/', '/index.html', '/assets/app.js?v=1'].map((path) => ask(address, path)),
    );
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(answers.map(({ status, headers, body }) => [status, headers['content-type'], body])).toEqual([
      [200, 'text/html; charset=utf-8', '<h1>Enlarger</h1>'],
      [200, 'text/html; charset=utf-8', '<h1>Enlarger</h1>'],
      [200, 'text/javascript', 'start()'],
    ]);
    expect(answers[0]?.headers).toMatchObject({
      'content-security-policy': "default-src 'self'",
      'x-content-type-options': 'nosniff',
    });
  });

  it('answers to no name but its own', async () => {
    const address = await serve();
    const { port } = new URL(address);
    const hosts = [
      `localhost:${port}`,
      `evil.example:${port}`,
      'localhost',
      `127.0.0.1:${Number(port) + 1}`,
      '0.0.0.0',
    ];
    const answers = await Promise.all(hosts.map((host) => ask(address, '/', { host })));
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403, 403]);
    expect(answers.slice(1).map(({ body }) => body)).toEqual(['', '', '', '']);
  });

  it('serves nothing from outside its folder, however it is asked', async () => {
    const address = await serve();
    const paths = [
      '/../secret.html',
      '/assets/../../secret.html',
      '/%2e%2e/secret.html',
      '/..%2fsecret.html',
      '/..\\secret.html',
      '//../secret.html',
    ];
    const answers = await Promise.all(paths.map((path) => ask(address, path)));
    expect(answers.map(({ status, body }) => [status, body])).toEqual(paths.map(() => [404, '']));
  });

  it('serves only what a page is made of', async () => {
    const address = await serve();
    const paths = ['/notes.txt', '/missing.html', '/assets', '/assets/', '/index.html%00.js'];
    const answers = await Promise.all(paths.map((path) => ask(address, path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 404));
  });

  it('only lets itself be read', async () => {
    const address = await serve();
    const methods = ['POST', 'PUT', 'DELETE', 'OPTIONS'];
    const answers = await Promise.all(methods.map((method) => ask(address, '/', { method })));
    expect(answers.map(({ status }) => status)).toEqual([405, 405, 405, 405]);
  });

  it('outlives a request that is no address', async () => {
    const address = await serve();
    expect([await ask(address, '//'), await ask(address, '/')]).toMatchObject([
      { status: 400 },
      { status: 200 },
    ]);
  });
});

it('the program of the web shell says where it is to be found', async () => {
  const child = spawn(process.execPath, [join(installationFolder(), 'src', 'main', 'web.ts')]);
  onTestFinished(async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const [address] = await once(createInterface(child.stdout), 'line');
  expect((await ask(address, '/', { host: 'evil.example' })).status).toBe(403);
});
