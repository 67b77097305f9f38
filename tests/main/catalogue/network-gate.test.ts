import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openCatalogue } from './catalogue-bench.ts';
import { entryFor, modelHost, type Reply, someBytes, whole } from './model-host.ts';

const BYTES = someBytes(200_000);
const ROOT = join(import.meta.dirname, '..', '..', '..');

const offline = (message: RegExp) => ({ code: 'offline', message: expect.stringMatching(message) });

describe('a closed gate', () => {
  it('nothing is asked for where the settings forbid it', async () => {
    const { address, asked } = await modelHost(whole(BYTES));
    const { service, download, left } = await openCatalogue([entryFor(address, BYTES)], {
      allowed: () => false,
    });
    await expect(download()).rejects.toMatchObject(
      offline(/^tiny-x2: not downloaded\. The settings forbid .* Allow it there to download models\.$/),
    );
    expect((await service.list()).offline).toMatch(/The settings forbid/);
    expect([asked, await left()]).toEqual([[], []]);
  });

  it.each(['1', 'yes'])('nor with ENLARGER_OFFLINE=%s, whatever the settings say', async (value) => {
    vi.stubEnv('ENLARGER_OFFLINE', value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { address, asked } = await modelHost(whole(BYTES));
    const { download } = await openCatalogue([entryFor(address, BYTES)]);
    await expect(download()).rejects.toMatchObject(offline(/started offline/));
    expect(asked).toEqual([]);
  });

  it('a download stops when the settings forbid it, and goes on when they allow it again', async () => {
    let allowed = true;
    const begun = Promise.withResolvers<void>();
    const waits: Reply = (_, answer) => {
      answer.writeHead(200, { etag: '"one"', 'content-length': BYTES.length });
      answer.write(BYTES.subarray(0, 100_000));
    };
    const { address, asked } = await modelHost(waits, whole(BYTES));
    const { service, download } = await openCatalogue([entryFor(address, BYTES)], {
      allowed: () => allowed,
      tell: ({ bytesDone }) => bytesDone === 100_000 && begun.resolve(),
    });
    const ended = download();
    await begun.promise;
    await service.obeyGate();
    allowed = false;
    await service.obeyGate();
    expect(await ended).toMatchObject({ state: 'failed', error: { code: 'offline' } });
    allowed = true;
    expect(await download()).toMatchObject({ state: 'done' });
    expect(asked[1]?.headers.range).toBe('bytes=100000-');
  });
});

describe('where addresses may lead', () => {
  const to =
    (location: string): Reply =>
    (_, answer) =>
      answer.writeHead(302, { location }).end();

  it('redirects are followed, with what was asked', async () => {
    const there = await modelHost(whole(BYTES));
    const { address } = await modelHost(to('/next'), to(there.address));
    const { download } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject({ state: 'done' });
    expect(there.asked.map(({ url }) => url)).toEqual(['/model.onnx']);
  });

  it.each([
    [
      'to http elsewhere',
      'http://example.com/model.onnx',
      /leads to http:\/\/example\.com, which is not protected/,
    ],
    ['to a file', 'file:///etc/passwd', /leads to file:/],
    ['without an end', '/model.onnx', /without an end/],
    ['to nothing', 'http://', /it leads to nowhere/],
  ])('%s: refused', async (_, location, message) => {
    const { address } = await modelHost(to(location));
    const { download } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject({
      state: 'failed',
      error: { code: 'download-failed', message: expect.stringMatching(message) },
    });
  });

  it('http is refused in the catalogue, this machine included', async () => {
    const { address, asked } = await modelHost(whole(BYTES));
    const { download } = await openCatalogue([entryFor(address, BYTES)], { plainLoopback: false });
    expect(await download()).toMatchObject({
      error: { code: 'download-failed', message: expect.stringMatching(/not protected by https/) },
    });
    expect(asked).toEqual([]);
  });

  it('what is not in the catalogue cannot be asked for', async () => {
    const { service } = await openCatalogue([]);
    await expect(service.download({ id: 'other', licenceAccepted: true })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(/^There is no model 'other' in the catalogue\./),
    });
  });
});

it('a host that is not there is said at once', async () => {
  const { address, asked } = await modelHost(whole(BYTES));
  const { port } = new URL(address);
  const entry = entryFor(address.replace(port, '1'), BYTES);
  const { download } = await openCatalogue([entry]);
  expect(await download()).toMatchObject({
    error: {
      code: 'download-failed',
      message: expect.stringMatching(/the connection broke \(ECONNREFUSED\)/),
    },
  });
  expect(asked).toEqual([]);
});

/** The page is a page: it asks its own origin, and its content policy lets it ask no other. */
const SOURCES = 'src/{main,engine,cli,shared,threads,preload}/**/*.ts';

it('nothing but the gate makes connections, and nothing but the web shell takes them', async () => {
  const found: string[] = [];
  const CLIENTS =
    /(?<![#\w])(fetch|XMLHttpRequest|EventSource|WebSocketStream)\s*\(|new WebSocket\b|navigator\.sendBeacon|from '(node:)?(https?|http2|net|tls|dgram|dns(\/promises)?|undici|ws)'/;
  for await (const file of glob(SOURCES, { cwd: ROOT })) {
    const code = (await readFile(join(ROOT, file), 'utf8')).replaceAll(/^import type .*$/gm, '');
    if (CLIENTS.test(code)) found.push(file.replaceAll('\\', '/'));
  }
  expect(found.sort()).toEqual(['src/main/catalogue/network-gate.ts', 'src/main/shells/web/web-server.ts']);
});
