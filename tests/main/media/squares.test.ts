import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { MediaHandler } from '../../../src/main/media/media-handler.ts';
import type { MediaConditions } from '../../../src/main/media/media-response.ts';
import { PreviewCache } from '../../../src/main/media/preview-cache.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import { mediaUrl, parseMedia } from '../../../src/shared/contract/media.ts';
import { jobFor, readyEngine } from '../../support/engine.ts';
import { writePicture } from '../../support/pictures.ts';
import { plannedFile, resultAt } from '../jobs/made-up-jobs.ts';

/** Media over a journal with one file that is being worked on, and an engine. */
async function openMedia() {
  const { engine, folder } = await readyEngine({ workers: 1 });
  const source = await writePicture(join(folder, 'photo.png'), { width: 600, height: 400 });
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, join(folder, 'state'));
  onTestFinished(async () => {
    await jobs.close();
    await worker.close();
  });
  const owner = await jobs.registerOwner();
  const files = [{ ...plannedFile('photo', folder), source }];
  const batch = await jobs.addBatch({ title: 'one', recipe: {}, out: folder, shell: 'web', files });
  const [file] = await jobs.take(batch, owner, 1);
  const { id } = file as NonNullable<typeof file>;
  const cache = join(folder, 'previews');
  const previews = await PreviewCache.open(cache, engine);
  const notAsked = () => {
    throw new Error('Squares are of files that the journal knows.');
  };
  const means = { jobs, engine, previews, places: { input: notAsked } };
  const media = new MediaHandler({ ...means, exports: { download: notAsked, zip: notAsked } });
  let squares = 0;
  const ask = async (
    of: 'source' | 'result',
    place: { level: number; column: number; row: number },
    conditions: MediaConditions = {},
  ) => {
    const url = new URL(mediaUrl('http://x', { kind: 'square', id, of, ...place, state: 'now' }));
    const request = parseMedia(url.pathname, url.searchParams);
    if (!request) throw new Error(`${url} is no address of a picture.`);
    const { status, headers, body } = await media.handle(request, conditions);
    const bytes = body && (await buffer(body));
    if (!bytes) return { status, headers };
    const file = join(folder, `square-${squares++}`);
    await writeFile(file, bytes);
    const { width, height, format } = await sharp(file).metadata();
    return { status, headers, size: [width, height, format], bytes, file };
  };
  const finish = (target: string) => jobs.finish(owner, id, { state: 'done', ...resultAt(target) });
  return { folder, engine, source, id, cache, ask, finish };
}

const FIRST = { level: 0, column: 0, row: 0 };

it('shows squares of a source, kept until the picture changes', async () => {
  const { ask, source, cache } = await openMedia();
  const first = await ask('source', FIRST);
  expect(first).toMatchObject({ status: 200, size: [512, 400, 'jpeg'] });
  expect(first.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'content-length': String(first.bytes?.length),
    'cache-control': 'private, no-cache',
  });
  expect(await ask('source', { level: 1, column: 0, row: 0 })).toMatchObject({ size: [300, 200, 'jpeg'] });
  expect(await readdir(cache)).toHaveLength(2);
  const ifNoneMatch = first.headers.etag;
  expect(await ask('source', FIRST, { ifNoneMatch })).toMatchObject({ status: 304 });
  expect((await ask('source', FIRST, { head: true })).bytes).toBeUndefined();
  await writePicture(source, { width: 601, height: 400, bands: 4 });
  const changed = await ask('source', FIRST, { ifNoneMatch });
  expect(changed).toMatchObject({ status: 200, size: [512, 400, 'png'] });
  expect(changed.headers['content-type']).toBe('image/png');
});

it('has no squares beyond a picture, and none of a result that is not begun', async () => {
  const { ask, source } = await openMedia();
  for (const place of [
    { level: 0, column: 2, row: 0 },
    { level: 0, column: 0, row: 1 },
    { level: 1, column: 1, row: 0 },
  ]) {
    await expect(ask('source', place)).rejects.toMatchObject({ code: 'not-found', file: source });
  }
  await expect(ask('result', FIRST)).rejects.toMatchObject({ code: 'not-found', file: source });
});

it('shows what is done of a result in work, kept by nobody, and then the result', async () => {
  const { ask, engine, source, id, cache, finish } = await openMedia();
  const begun = Promise.withResolvers<void>();
  engine.onProgress((jobs) => {
    if (jobs.some(({ dirty }) => dirty)) begun.resolve();
  });
  const job = jobFor(source, 'png', { jobId: id });
  const ended = engine.enhance(job);
  await begun.promise;
  const partly = await ask('result', FIRST);
  expect(partly).toMatchObject({ status: 200, size: [512, 512, 'png'] });
  expect(partly.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'image/png' });
  expect(partly.headers.etag).toBeUndefined();
  const data = await sharp(partly.file).raw().toBuffer();
  expect(new Set(data.filter((_, at) => at % 4 === 3))).toEqual(new Set([0, 255]));
  expect(await readdir(cache)).toEqual([]);
  await ended;
  // The engine has nothing of it any more, and the journal not yet.
  await expect(ask('result', FIRST)).rejects.toMatchObject({ code: 'not-found' });
  await finish(job.output.temporary);
  const done = await ask('result', { level: 0, column: 2, row: 1 });
  expect(done).toMatchObject({ status: 200, size: [176, 288, 'jpeg'] });
  expect(done.headers.etag).toBeDefined();
});
