import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startWeb } from '../../../src/main/shells/web/start-web.ts';
import { mediaUrl } from '../../../src/shared/contract/media.ts';
import { CONTRACT_VERSION } from '../../../src/shared/contract/shell.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { ask, Page, QUICK, sessionOf, startShell } from './web-page.ts';

const SOURCE = join(import.meta.dirname, '..', '..', '..', 'src');

/** A page with a script, and a secret beside it. */
async function site(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'site', 'assets'), { recursive: true });
  await writeFile(join(folder, 'site', 'index.html'), '<h1>Enlarger</h1>');
  await writeFile(join(folder, 'site', 'assets', 'app.js'), 'start()');
  await writeFile(join(folder, 'site', 'notes.txt'), 'not for browsers');
  await writeFile(join(folder, 'secret.html'), 'secret');
  return join(folder, 'site');
}

describe('the page', () => {
  it('is served to who comes with the key, which is exchanged for a cookie', async () => {
    const { web } = await startShell({ renderer: await site() });
    expect(web.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{43}$/);
    const welcome = await ask(web.origin, web.address.slice(web.origin.length));
    expect(welcome.headers['set-cookie']).toEqual([
      expect.stringMatching(/^enlarger-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    const cookie = await sessionOf(web.address);
    expect([cookie.includes(web.address.split('key=')[1] as string), welcome.body.includes('key')]).toEqual([
      false,
      false,
    ]);
    const answers = await Promise.all(
      ['/', '/index.html', '/assets/app.js?v=1'].map((path) =>
        ask(web.origin, path, { headers: { cookie } }),
      ),
    );
    expect(
      answers.map(({ status, headers, body }) => [status, headers['content-type'], String(body)]),
    ).toEqual([
      [200, 'text/html; charset=utf-8', '<h1>Enlarger</h1>'],
      [200, 'text/html; charset=utf-8', '<h1>Enlarger</h1>'],
      [200, 'text/javascript', 'start()'],
    ]);
    expect(answers[0]?.headers).toMatchObject({
      'content-security-policy': expect.stringMatching(/^default-src 'self'; .*frame-ancestors 'none'$/),
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is nobody else’s', async () => {
    const { web } = await startShell({ renderer: await site() });
    const cookie = await sessionOf(web.address);
    const { host, port } = new URL(web.origin);
    const refused = [
      {},
      { cookie: `enlarger-${port}=` },
      { cookie: cookie.slice(0, -1) },
      { cookie: cookie.replace(/=.*/, `=${'A'.repeat(43)}`) },
      { cookie, host: `evil.example:${port}` },
      { cookie, host: '127.0.0.1' },
      { cookie, host: `127.0.0.1:${Number(port) + 1}` },
      { cookie, origin: 'http://evil.example' },
      { cookie, origin: `http://127.0.0.1:${Number(port) + 1}` },
      { cookie, origin: `http://localhost:${port}`, host },
      { cookie, origin: 'null' },
      { cookie, 'sec-fetch-site': 'cross-site' },
      { cookie, 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of refused) {
      const { status, body } = await ask(web.origin, '/index.html', { headers });
      expect({ headers, status, length: body.length }).toEqual({ headers, status: 403, length: 0 });
    }
    const keys = ['/?key=', '/?key=wrong', `/?key=${'A'.repeat(43)}`];
    const answers = await Promise.all(keys.map((path) => ask(web.origin, path)));
    expect(answers.map(({ status, headers }) => [status, headers['set-cookie']])).toEqual(
      keys.map(() => [403, undefined]),
    );
    const local = { cookie, host: `localhost:${port}`, 'sec-fetch-site': 'same-origin' };
    expect((await ask(web.origin, '/', { headers: local })).status).toBe(200);
    expect(String((await ask(web.origin, '/')).body)).toMatch(/whole address/);
  });

  it('is served from its folder only, and only what a page is made of', async () => {
    const { web } = await startShell({ renderer: await site() });
    const page = await Page.open(web);
    const paths = [
      '/../secret.html',
      '/assets/../../secret.html',
      '/%2e%2e/secret.html',
      '/..%2fsecret.html',
      '/..\\secret.html',
      '/assets\\..\\..\\secret.html',
      '//../secret.html',
      '/notes.txt',
      '/missing.html',
      '/assets/',
      '/index.html%00.js',
      '//',
      '/media/original?id=1',
      '/media/../secret.html',
      '/media/download?id=../1',
    ];
    const answers = await Promise.all(paths.map((path) => page.get(path)));
    expect(answers.map(({ status, body }) => [status, body.length])).toEqual(paths.map(() => [404, 0]));
    const methods = ['PUT', 'DELETE', 'OPTIONS', 'PATCH'];
    const others = await Promise.all(methods.map((method) => page.get('/', { method })));
    expect(others.map(({ status }) => status)).toEqual([405, 405, 405, 405]);
    expect((await page.get('/', { method: 'HEAD' })).body.length).toBe(0);
  });
});

describe('the line', () => {
  it('is for pages with the session and of this origin', async () => {
    const { web } = await startShell();
    const cookie = await sessionOf(web.address);
    const { port } = new URL(web.origin);
    const url = `ws://127.0.0.1:${port}/line`;
    const { origin } = web;
    const refused: [string, Record<string, string>][] = [
      [url, { origin }],
      [url, { cookie }],
      [url, { cookie, origin: 'http://evil.example' }],
      [url, { cookie, origin, host: `evil.example:${port}` }],
      [url, { cookie: `enlarger-${port}=nothing`, origin }],
      [url, { cookie, origin, 'sec-fetch-site': 'same-site' }],
      [`ws://127.0.0.1:${port}/other`, { cookie, origin }],
    ];
    for (const [address, headers] of refused) {
      const [error] = await once(
        new WebSocket(address, { headers }).once('open', expect.unreachable),
        'error',
      );
      expect(String(error)).toMatch(/403/);
    }
  });

  it('tells errors with their code, message and file', async () => {
    const { web } = await startShell();
    const { client } = await Page.open(web);
    const failure = client.batches.get({ batchId: 12 });
    await expect(failure).rejects.toMatchObject({
      code: 'ENLARGER',
      data: { code: 'not-found', message: expect.stringMatching(/batch 12/) },
    });
  });

  it('lets go of who has left', async () => {
    const { web } = await startShell();
    const page = await Page.open(web);
    await page.listen();
    const { events } = web.application.services;
    expect(events.readers).toBe(1);
    page.socket.terminate();
    const other = await Page.open(web);
    // Closing is told to the server in its turn; each answer gives it one.
    for (let asked = 0; events.readers > 0 && asked < 1000; asked++) await other.client.greeting();
    expect(events.readers).toBe(0);
  });
});

describe('the root', () => {
  it('is all that can be reached', async () => {
    const { web, root } = await startShell();
    const outside = await temporaryFolder();
    const secret = await writePicture(join(outside, 'secret.png'));
    await writePicture(join(root, 'own.png'));
    await symlink(secret, join(root, 'link.png'));
    await symlink(outside, join(root, 'folder'));
    const page = await Page.open(web);
    const paths = [
      '..',
      '../root/../..',
      '/etc',
      outside,
      secret,
      'link.png',
      'folder',
      'folder/secret.png',
      'a\0b',
    ];
    for (const path of paths) {
      const code = (call: Promise<unknown>) =>
        call.then(
          () => 'done',
          ({ data }) => data.code,
        );
      const asked = { inputs: [{ kind: 'path' as const, path }], out: { kind: 'kept' as const } };
      const own = {
        inputs: [{ kind: 'path' as const, path: 'own.png' }],
        out: { kind: 'path' as const, path },
      };
      const refusals = [
        await code(page.client.browse({ path })),
        await code(page.client.batches.create(asked)),
        // What is in the place of a folder and lies inside fails over that.
        await code(page.client.batches.create({ ...own, recipe: QUICK })),
      ];
      expect({ path, refusals }).toEqual({ path, refusals: Array(3).fill('permission-denied') });
      const address = mediaUrl('/media', { kind: 'path', path, side: 64 });
      expect({ path, status: (await page.get(address)).status }).toEqual({ path, status: 403 });
    }
    expect((await page.client.browse({})).entries.map(({ name }) => name)).toEqual(['own.png']);
    expect(await page.client.batches.list({})).toEqual([]);
    expect(await readdir(outside)).toEqual(['secret.png']);
    expect((await page.get(mediaUrl('/media', { kind: 'source', id: 1, side: 64 }))).status).toBe(404);
  });

  it('does not let a link in a folder lead out of it', async () => {
    const { web, root } = await startShell();
    const secret = await writePicture(join(await temporaryFolder(), 'secret.png'));
    await mkdir(join(root, 'in'));
    await writePicture(join(root, 'in', 'own.png'), { seed: 2 });
    await symlink(secret, join(root, 'in', 'link.png'));
    const { client } = await Page.open(web);
    const plan = await client.batches.plan({
      inputs: [{ kind: 'path', path: 'in' }],
      out: { kind: 'path', path: 'out' },
      recipe: QUICK,
    });
    expect(plan).toMatchObject({
      files: [{ source: join(root, 'in', 'own.png') }],
      refused: [{ code: 'permission-denied', file: join(root, 'in', 'link.png') }],
    });
  });

  it('is missed in words where there is none', async () => {
    const { web } = await startShell({ root: undefined });
    const { client } = await Page.open(web);
    expect(await client.capabilities()).not.toHaveProperty('root');
    await expect(client.browse({})).rejects.toMatchObject({ data: { code: 'not-found' } });
    await expect(startWeb({ root: '/no/such/folder' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('uploads', () => {
  const LIMITS = { bytesPerFile: 1000, bytesInAll: 1500 };
  /** What lies in the uploads folder now. A folder that goes while it is read counts as still there. */
  const uploads = async (state: string) => {
    const folder = join(state, 'uploads');
    return readdir(folder, { recursive: true }).catch(() => readdir(folder));
  };

  it('are refused without session or origin', async () => {
    const { web, state } = await startShell();
    const cookie = await sessionOf(web.address);
    for (const headers of [{ origin: web.origin }, { cookie }, { cookie, origin: 'http://evil.example' }]) {
      const asked = { method: 'POST', headers, body: Buffer.from('picture') };
      expect((await ask(web.origin, '/upload?name=a.jpg', asked)).status).toBe(403);
    }
    expect(await uploads(state)).toEqual([]);
  });

  it('have limits, each and all together, stated before or found on the way', async () => {
    const { web, state } = await startShell({ uploads: LIMITS });
    const page = await Page.open(web);
    const stated = await page.post('/upload?name=a.jpg', Buffer.alloc(1001), { 'content-length': 1001 });
    const found = await page.post('/upload?name=b.jpg', Buffer.alloc(1001));
    expect([stated, found].map(({ status, body }) => [status, JSON.parse(String(body)).code])).toEqual([
      [413, 'too-large'],
      [413, 'too-large'],
    ]);
    const first = await page.upload('c.jpg', Buffer.alloc(1000));
    const full = await page.post('/upload?name=d.jpg', Buffer.alloc(600));
    expect([full.status, JSON.parse(String(full.body)).code]).toEqual([507, 'disk-full']);
    expect(await uploads(state)).toEqual([first.id, join(first.id, 'c.jpg')].sort());
    await page.client.uploads.discard({ ids: [first.id] });
    expect(await uploads(state)).toEqual([]);
    expect(await page.upload('d.jpg', Buffer.alloc(600))).toMatchObject({ bytes: 600 });
  });

  it('leave nothing behind when they break off', async () => {
    const { web, state } = await startShell({ uploads: LIMITS });
    const page = await Page.open(web);
    const { port } = new URL(web.origin);
    const socket = connect(Number(port), '127.0.0.1');
    const head = `POST /upload?name=a.jpg HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${web.origin}\r\nCookie: ${page.cookie}\r\nContent-Length: 900\r\n\r\n`;
    socket.write(head + 'x'.repeat(500));
    // As soon as the first bytes have made a folder, the line is cut.
    while ((await uploads(state)).length === 0) await page.client.greeting();
    socket.destroy();
    while ((await uploads(state)).length > 0) await page.client.greeting();
    // What it had taken of the room is free again.
    await page.upload('b.jpg', Buffer.alloc(1000));
    expect(await page.upload('c.jpg', Buffer.alloc(500))).toMatchObject({ bytes: 500 });
  });

  it('are stored under names that every file system takes', async () => {
    const { web, state } = await startShell();
    const page = await Page.open(web);
    const names = [
      '../../evil.jpg',
      'a/b/c.png',
      '..',
      '',
      'con.jpg',
      'x\0y.jpg',
      '.hidden.jpg',
      `${'é'.repeat(300)}.jpg`,
    ];
    const stored: string[] = [];
    for (const name of names) stored.push((await page.upload(name, Buffer.from('picture'))).name);
    expect(stored.slice(0, -1)).toEqual([
      'evil.jpg',
      'c.png',
      '_',
      'picture',
      '_con.jpg',
      'x_y.jpg',
      '_hidden.jpg',
    ]);
    expect(Buffer.byteLength(stored.at(-1) as string)).toBeLessThanOrEqual(255);
    expect((await uploads(state)).length).toBe(2 * names.length);
  });

  it('are taken as they come', async () => {
    const { web } = await startShell();
    const page = await Page.open(web);
    const body = new PassThrough();
    const answer = page.post('/upload?name=a.jpg', body);
    for (const part of ['one', 'two', 'three']) body.write(part);
    body.end();
    expect(JSON.parse(String((await answer).body))).toMatchObject({ bytes: 11 });
  });
});

it.each([
  ['the command line', ['cli', 'index.ts'], ['serve', '--no-open']],
  ['npm start', ['main', 'web.ts'], ['--no-open']],
])(
  'the web shell of %s says where it is, alone on one line, offers what was named, and ends when told',
  async (_, program, words) => {
    const folder = await temporaryFolder();
    const env = { ...process.env, ENLARGER_HOME: join(folder, 'home') };
    const child = spawn(process.execPath, [join(SOURCE, ...program), ...words, '.'], { env, cwd: folder });
    const output: string[] = [];
    child.stdout.on('data', (text) => output.push(String(text)));
    await once(child.stdout, 'data');
    const address = output.join('').trim();
    const page = await Page.open({ address, origin: new URL(address).origin });
    expect(await page.client.greeting()).toMatchObject({ protocol: CONTRACT_VERSION });
    const [first] = (await page.listen()).events;
    expect(first?.offers?.[0]?.offered.map(({ path }) => path)).toEqual([await realpath(folder)]);
    // As npm does, which passes on what the terminal has sent already.
    for (let times = 0; times < 2; times++) child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect([code, output.join('')]).toEqual([0, expect.stringMatching(/^http:\S+\n$/)]);
  },
);

it('npm start refuses what it does not understand, in words', async () => {
  const child = spawn(process.execPath, [join(SOURCE, 'main', 'web.ts'), '--nonsense']);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^✗ .*--nonsense.*--root <dir>.*\n$/)]);
});
