import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { openCatalogue } from './catalogue-bench.ts';
import { breaksOff, entryFor, modelHost, type Reply, sha256Of, someBytes, whole } from './model-host.ts';

const BYTES = someBytes(300_000);
const OTHER = someBytes(300_000, 2);

const inState = (state: string) => readFile(join(state, 'tiny-x2.onnx'));
const failed = (code: string, message: RegExp) => ({
  state: 'failed',
  error: { code, message: expect.stringMatching(message) },
});

it('a download is installed, told from beginning to end, and leaves nothing else', async () => {
  const { address, asked } = await modelHost(whole(BYTES));
  const { download, state, told, left, service } = await openCatalogue([entryFor(address, BYTES)]);
  expect((await service.list()).models).toMatchObject([{ state: 'absent', bytesDone: 0 }]);
  expect(await download()).toEqual({
    id: 'tiny-x2',
    state: 'done',
    bytesDone: BYTES.length,
    bytesTotal: BYTES.length,
  });
  expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
  expect([told[0]?.state, told.at(-2)?.state, told.at(-1)?.state]).toEqual([
    'downloading',
    'checking',
    'done',
  ]);
  const counts = told.map(({ bytesDone }) => bytesDone);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(await left()).toEqual([]);
  expect((await service.list()).models).toMatchObject([{ state: 'here' }]);
  expect(asked.map(({ method, headers }) => [method, headers['user-agent'], headers.cookie])).toEqual([
    ['GET', 'Enlarger', undefined],
  ]);
  await expect(service.download({ id: 'tiny-x2', licenceAccepted: true })).rejects.toMatchObject({
    code: 'collision',
  });
});

it('a host that does not say how long the file is is believed by size and hash', async () => {
  const chunked: Reply = (_, answer) => answer.writeHead(200).end(BYTES);
  const { address } = await modelHost(chunked);
  const { download, state } = await openCatalogue([entryFor(address, BYTES)]);
  expect(await download()).toMatchObject({ state: 'done', bytesDone: BYTES.length });
  expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
});

describe('resuming', () => {
  it('goes on where the connection broke, with Range and If-Range, as often as it gets further', async () => {
    const breaks = breaksOff(BYTES, 70_000);
    const { address, asked } = await modelHost(breaks, breaks, breaks, breaks, whole(BYTES));
    const { download, state } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject({ state: 'done' });
    expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
    const [first, ...rest] = asked.map(({ headers }) => [headers.range, headers['if-range']]);
    expect(first).toEqual([undefined, undefined]);
    expect(rest).toEqual([70_000, 140_000, 210_000, 280_000].map((from) => [`bytes=${from}-`, '"one"']));
  });

  it('goes on after a restart, and says in the meantime that a part is there', async () => {
    const { address, asked } = await modelHost(
      breaksOff(BYTES, 100_000),
      (_, answer) => answer.destroy(),
      whole(BYTES),
    );
    const entry = entryFor(address, BYTES);
    const first = await openCatalogue([entry], { limits: { breaks: 1 } });
    expect(await first.download()).toMatchObject(
      failed('download-failed', /^tiny-x2: .*127\.0\.0\.1.*Try again later\.$/),
    );
    expect((await first.service.list()).models).toMatchObject([{ state: 'partial', bytesDone: 100_000 }]);
    await first.service.close();
    const second = await openCatalogue([entry], { state: first.state });
    expect(await second.download()).toMatchObject(failed('download-failed', /the connection broke/));
    expect(await second.download()).toMatchObject({ state: 'done' });
    expect(asked.at(-1)?.headers.range).toBe('bytes=100000-');
    expect(sha256Of(await inState(first.state))).toBe(sha256Of(BYTES));
    expect(await second.left()).toEqual([]);
  });

  it('begins anew where the host ignores Range', async () => {
    const ignores: Reply = (_, answer) =>
      answer.writeHead(200, { etag: '"one"', 'content-length': BYTES.length }).end(BYTES);
    const { address } = await modelHost(breaksOff(BYTES, 100_000), ignores);
    const { download, state } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject({ state: 'done' });
    expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
  });

  it('never mixes two files where the ETag changes between the parts', async () => {
    const { address } = await modelHost(breaksOff(OTHER, 100_000, '"old"'), whole(BYTES, '"new"'));
    const { download, state } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject({ state: 'done' });
    expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
  });

  it('begins anew where a host goes on in spite of another ETag, or at another byte', async () => {
    const wrongly =
      (from: number, etag: string): Reply =>
      (_, answer) => {
        const range = `bytes ${from}-${BYTES.length - 1}/${BYTES.length}`;
        answer.writeHead(206, { etag, 'content-range': range }).end(BYTES.subarray(from));
      };
    for (const reply of [wrongly(100_000, '"two"'), wrongly(50_000, '"one"')]) {
      const { address, asked } = await modelHost(breaksOff(BYTES, 100_000), reply, whole(BYTES));
      const { download, state } = await openCatalogue([entryFor(address, BYTES)]);
      expect(await download()).toMatchObject({ state: 'done' });
      expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
      expect(asked[2]?.headers.range).toBeUndefined();
    }
  });

  it('begins anew where the host has less than before (416), and where it gave nothing to compare by', async () => {
    const nothing: Reply = (_, answer) => answer.writeHead(416).end();
    for (const replies of [[breaksOff(BYTES, 100_000), nothing], [breaksOff(BYTES, 100_000, '')]] as [
      Reply,
      ...Reply[],
    ][]) {
      const { address, asked } = await modelHost(...replies, whole(BYTES));
      const { download, state } = await openCatalogue([entryFor(address, BYTES)]);
      expect(await download()).toMatchObject({ state: 'done' });
      expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
      expect(asked.at(-1)?.headers.range).toBeUndefined();
    }
  });

  it('a part of another address is not gone on with', async () => {
    const { address, origin, asked } = await modelHost(breaksOff(OTHER, 100_000), whole(BYTES));
    const first = await openCatalogue([entryFor(`${origin}/old.onnx`, BYTES)], { limits: { breaks: 1 } });
    await first.download();
    await first.service.close();
    const second = await openCatalogue([entryFor(address, BYTES)], { state: first.state });
    expect(await second.download()).toMatchObject({ state: 'done' });
    expect(asked[1]?.headers.range).toBeUndefined();
  });
});

describe('hosts that lie', () => {
  it('other bytes of the right length are refused by their hash, and not kept', async () => {
    const { address } = await modelHost(whole(OTHER));
    const { download, left, installed } = await openCatalogue([entryFor(address, BYTES)]);
    const why =
      /^tiny-x2: the file at 127\.0\.0\.1:\d+ has other contents .*SHA-256.*nothing of it was kept.*example\.com/;
    expect(await download()).toMatchObject(failed('verify-failed', why));
    expect([await left(), installed.size]).toEqual([[], 0]);
  });

  it('another length than the catalogue says is refused before a byte is taken', async () => {
    const { address } = await modelHost(whole(BYTES));
    const { download, left, told } = await openCatalogue([entryFor(address, BYTES, { bytes: 1000 })]);
    expect(await download()).toMatchObject(
      failed('verify-failed', /has 300000 bytes, where the catalogue says 1000/),
    );
    expect([await left(), told.at(-1)?.bytesDone]).toEqual([[], 0]);
  });

  it('what has no end is cut where the file should end', async () => {
    let sent = 0;
    const endless: Reply = (_, answer) => {
      answer.writeHead(200);
      const more = () => {
        while (!answer.destroyed && answer.write(BYTES)) sent += BYTES.length;
        if (!answer.destroyed) answer.once('drain', more);
      };
      more();
    };
    const { address } = await modelHost(endless);
    const { download, left } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject(failed('verify-failed', /goes on beyond the 300000 bytes/));
    expect(await left()).toEqual([]);
    expect(sent).toBeLessThan(50_000_000);
  });

  it('announces more than there is: asked for the rest, then given up, and the part is kept', async () => {
    const nothingMore: Reply = (_, answer) => {
      answer.writeHead(206, { etag: '"one"', 'content-range': 'bytes 200000-299999/300000' });
      answer.flushHeaders();
      answer.destroy();
    };
    const { address, asked } = await modelHost(breaksOff(BYTES, 200_000), nothingMore);
    const { download, left } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject(failed('download-failed', /127\.0\.0\.1/));
    expect(await left()).toEqual(expect.arrayContaining(['tiny-x2.part']));
    expect(asked.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=200000-', 'bytes=200000-']);
  });

  it('ends early as if that were all, without a length: resumed, then failed', async () => {
    const early: Reply = (_, answer) => answer.writeHead(200, { etag: '"one"' }).end(BYTES.subarray(0, 1000));
    const { address, asked } = await modelHost(early);
    const { download } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject(failed('download-failed', /broke off after 1000 of 300000 bytes/));
    expect(asked.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=1000-', 'bytes=1000-']);
  });

  it('sends the file packed: refused', async () => {
    const { address } = await modelHost((_, answer) =>
      answer.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
    );
    const { download } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject(failed('download-failed', /packed as gzip/));
  });

  it('stalls: given up by what arrives, not by the time in all, and resumed', async () => {
    const stalls: Reply = (_, answer) => {
      answer.writeHead(200, { etag: '"one"', 'content-length': BYTES.length });
      answer.write(BYTES.subarray(0, 70_000));
    };
    const { address, asked } = await modelHost(stalls, whole(BYTES));
    const { download, state } = await openCatalogue([entryFor(address, BYTES)], { limits: { stall: 300 } });
    expect(await download()).toMatchObject({ state: 'done' });
    expect(asked[1]?.headers.range).toBe('bytes=70000-');
    expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
  });

  it('never answers: said so', async () => {
    const { address } = await modelHost(() => {});
    const { download } = await openCatalogue([entryFor(address, BYTES)], {
      limits: { stall: 50, breaks: 2 },
    });
    expect(await download()).toMatchObject(failed('download-failed', /nothing has arrived for 1 s/));
  });

  it.each([
    [404, 'not-found', /is not at 127\.0\.0\.1:\d+ any more\. Look for it at https:\/\/example\.com\/tiny/],
    [403, 'download-failed', /it answered 403/],
    [503, 'download-failed', /it answered 503\. Try again later/],
  ])('answers %i', async (status, code, message) => {
    const { address, asked } = await modelHost((_, answer) => answer.writeHead(status).end());
    const { download, left } = await openCatalogue([entryFor(address, BYTES)]);
    expect(await download()).toMatchObject(failed(code, message));
    expect([asked.length, await left()]).toEqual([status === 503 ? 3 : 1, []]);
  });
});

describe('installing', () => {
  const refused = new EnlargerError('model-invalid', 'tiny-x2.onnx: no network for pictures.');

  it.each([
    ['refused', refused],
    ['refused under another name', new EnlargerError('model-invalid', 'tiny-x2: no.', { cause: refused })],
  ])('a file that is %s is not kept', async (_, error) => {
    const { address } = await modelHost(whole(BYTES));
    const add = () => Promise.reject(error);
    const { download, left } = await openCatalogue([entryFor(address, BYTES)], { add });
    expect(await download()).toMatchObject(failed('model-invalid', /tiny-x2/));
    expect(await left()).toEqual([]);
  });

  const died = new EnlargerError('engine-died', 'The engine ended unexpectedly.');
  const crashed = new EnlargerError('model-invalid', 'The engine crashed.', { cause: died });

  it.each([
    ['the engine died', died],
    ['the engine died, which is told as a fault of the model', crashed],
    ['that too, under another name', new EnlargerError('model-invalid', 'tiny-x2: no.', { cause: crashed })],
    ['it took too long', new EnlargerError('deadline-exceeded', 'No answer within 5 minutes.')],
    ['memory was short', new EnlargerError('out-of-memory', 'Too little memory.')],
    ['the disk was full', new EnlargerError('disk-full', 'The disk is full.')],
    ['nobody knows why', new Error('no idea')],
  ])('a file that cannot be installed now is kept, and not fetched again: %s', async (_, error) => {
    const { address, asked } = await modelHost(whole(BYTES));
    let tries = 0;
    const add = () => (tries++ === 0 ? Promise.reject(error) : Promise.resolve());
    const { download, left } = await openCatalogue([entryFor(address, BYTES)], { add });
    expect(await download()).toMatchObject({ state: 'failed', error: { message: error.message } });
    expect(await left()).toEqual(['tiny-x2.json', 'tiny-x2.part']);
    expect(await download()).toMatchObject({ state: 'done' });
    expect([asked.length, await left()]).toEqual([1, []]);
  });

  it('a download that cannot be cleared away is told, and locks nobody out', async () => {
    const { address } = await modelHost(whole(BYTES));
    const { download, left, folder, installed } = await openCatalogue([entryFor(address, BYTES)], {
      add: async () => {
        const note = join(folder, 'tiny-x2.json');
        await rm(note);
        await mkdir(note);
      },
    });
    expect(await download()).toMatchObject({
      state: 'failed',
      error: { message: expect.stringMatching(/tiny-x2/) },
    });
    expect(await left()).not.toContain('tiny-x2.lock');
    await rmdir(join(folder, 'tiny-x2.json'));
    installed.clear();
    expect(await download()).toMatchObject({ state: 'failed' });
  });

  it('a part that is whole already needs no request', async () => {
    const { address, asked } = await modelHost(breaksOff(BYTES, 299_999), whole(BYTES));
    const { download, state, folder } = await openCatalogue([entryFor(address, BYTES)], {
      limits: { breaks: 1 },
    });
    expect(await download()).toMatchObject({ state: 'failed' });
    await writeFile(join(folder, 'tiny-x2.part'), BYTES);
    expect(await download()).toMatchObject({ state: 'done' });
    expect(asked.length).toBe(1);
    expect(sha256Of(await inState(state))).toBe(sha256Of(BYTES));
  });
});
