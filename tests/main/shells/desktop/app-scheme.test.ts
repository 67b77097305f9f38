import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { MediaConditions, MediaResponse } from '../../../../src/main/media/media-response.ts';
import { answerApp, isPageAddress } from '../../../../src/main/shells/desktop/app-scheme.ts';
import type { MediaRequest } from '../../../../src/shared/contract/media.ts';
import { EnlargerError } from '../../../../src/shared/errors.ts';
import { temporaryFolder } from '../../../support/pictures.ts';

/** The page's files, with something beside them that nobody may have. */
async function served(
  handle: (request: MediaRequest, conditions?: MediaConditions) => Promise<MediaResponse> = async () => {
    throw new EnlargerError('not-found', 'There is no such picture.');
  },
) {
  const folder = await temporaryFolder();
  const renderer = join(folder, 'renderer');
  await mkdir(join(renderer, 'assets'), { recursive: true });
  await writeFile(join(renderer, 'index.html'), '<!doctype html>the page');
  await writeFile(join(renderer, 'assets', 'app.js'), 'the code');
  await writeFile(join(renderer, 'notes.txt'), 'of no type that pages have');
  await writeFile(join(folder, 'secret.json'), '{}');
  return answerApp({ renderer, media: { handle } });
}

describe('requests to app:', () => {
  it.each([
    ['app://enlarger/', 200, 'text/html; charset=utf-8'],
    ['app://enlarger/index.html?x#y', 200, 'text/html; charset=utf-8'],
    ['app://enlarger/assets/app.js', 200, 'text/javascript'],
    ['app://enlarger/notes.txt', 404, null],
    ['app://enlarger/missing.js', 404, null],
    ['app://enlarger/../secret.json', 404, null],
    ['app://enlarger/%2e%2e/secret.json', 404, null],
    ['app://enlarger/..%2fsecret.json', 404, null],
    ['app://enlarger/..%5csecret.json', 404, null],
    ['app://enlarger/..\\secret.json', 404, null],
    ['app://enlarger/assets/../../secret.json', 404, null],
    ['app://enlarger/assets%2f..%2f..%2fsecret.json', 404, null],
    ['app://enlarger//etc/passwd.json', 404, null],
    ['app://enlarger/index.html%00.js', 404, null],
    ['app://other/index.html', 404, null],
    ['app://enlarger/media/source?id=x', 404, null],
    ['app://enlarger/media/source?id=1&side=64', 404, 'application/json'],
  ])('%s: %i', async (address, status, type) => {
    const answer = await served();
    const response = await answer(new Request(address));
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('reads nothing but GET and HEAD', async () => {
    const answer = await served();
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await answer(new Request('app://enlarger/', { method }))).status).toBe(405);
    }
    const head = await answer(new Request('app://enlarger/', { method: 'HEAD' }));
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '23', '']);
  });

  it('streams pictures, and does not send again what the page has', async () => {
    const asked: unknown[] = [];
    const answer = await served(async (request, conditions = {}) => {
      asked.push([request, conditions]);
      const headers = { etag: '"a"', 'content-type': 'image/jpeg' };
      if (conditions.ifNoneMatch === '"a"') return { status: 304, headers };
      return { status: 200, headers, body: Readable.from([Buffer.from('one '), Buffer.from('two')]) };
    });
    const address = 'app://enlarger/media/source?id=3&side=64';
    const first = await answer(new Request(address));
    expect([first.status, first.headers.get('etag'), await first.text()]).toEqual([200, '"a"', 'one two']);
    const again = await answer(new Request(address, { headers: { 'if-none-match': '"a"' } }));
    expect([again.status, again.body]).toEqual([304, null]);
    expect(asked[0]).toEqual([
      { kind: 'source', id: 3, side: 64 },
      { head: false, ifNoneMatch: undefined },
    ]);
  });

  it('closes a picture that is not read to its end', async () => {
    const body = Readable.from(endless());
    const answer = await served(async () => ({ status: 200, headers: {}, body }));
    const response = await answer(new Request('app://enlarger/media/source?id=3&side=64'));
    await response.body?.cancel();
    expect(body.destroyed).toBe(true);
  });
});

async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.alloc(1000);
}

it.each([
  ['app://enlarger/', true],
  ['app://enlarger/index.html?a#b', true],
  ['app://enlarger/assets/app.js', false],
  ['app://enlarger.example.com/', false],
  ['app://other/', false],
  ['https://enlarger/', false],
  ['file:///index.html', false],
  ['javascript:alert(1)', false],
  ['no address', false],
])('%s is the page: %s', (address, is) => {
  expect(isPageAddress(address)).toBe(is);
});
