import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { MediaRequest } from '../../shared/contract/media.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { Places } from '../application/places.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { attachment, gone, type MediaConditions, type MediaResponse } from './media-response.ts';
import { openPreview, type PreviewCache } from './preview-cache.ts';
import { zipResults } from './result-zip.ts';

interface Means {
  jobs: Pick<JobStore, 'batch' | 'file' | 'files'>;
  previews: PreviewCache;
  places: Pick<Places, 'input'>;
}

/** Answers for pictures: of files that the journal knows, of uploads, and of what lies below the root; of no others. */
export class MediaHandler {
  readonly #means: Means;

  constructor(means: Means) {
    this.#means = means;
  }

  /** Throws `not-found`, `permission-denied`, or why there is no preview of a picture. */
  async handle(request: MediaRequest, conditions: MediaConditions = {}): Promise<MediaResponse> {
    const { places } = this.#means;
    switch (request.kind) {
      case 'source':
        return this.#preview((await this.#means.jobs.file(request.id)).source, request.side, conditions);
      case 'result':
        return this.#preview(await this.#result(request.id), request.side, conditions);
      case 'path':
      case 'upload':
        return this.#preview(await places.input(request), request.side, conditions);
      case 'download':
        return download(await this.#result(request.id), conditions);
      case 'zip':
        return this.#zip(request.id, conditions);
    }
  }

  async #result(fileId: number): Promise<string> {
    const { result, source } = await this.#means.jobs.file(fileId);
    if (result) return result.target;
    throw new EnlargerError('not-found', `${source}: there is no result of it yet.`, { file: source });
  }

  async #preview(
    source: string,
    side: number,
    { ifNoneMatch, head }: MediaConditions,
  ): Promise<MediaResponse> {
    const preview = await this.#means.previews.get(source, side);
    const etag = `"${preview.etag}"`;
    const headers = { etag, 'cache-control': 'private, no-cache' };
    if (ifNoneMatch === etag) return { status: 304, headers };
    const { file, size } = await openPreview(preview);
    const whole = { ...headers, 'content-type': 'image/jpeg', 'content-length': String(size) };
    return answer(whole, file.createReadStream(), head);
  }

  async #zip(batchId: number, { head }: MediaConditions): Promise<MediaResponse> {
    const { title, out } = await this.#means.jobs.batch(batchId);
    const zip = await zipResults(this.#means.jobs, batchId);
    if (!zip) throw new EnlargerError('not-found', `${title}: none of its results is there.`, { file: out });
    const length: Record<string, string> =
      zip.bytes === undefined ? {} : { 'content-length': String(zip.bytes) };
    return answer({ ...attachment(`enlarged-${batchId}.zip`), ...length }, zip.body, head);
  }
}

async function download(path: string, { head }: MediaConditions): Promise<MediaResponse> {
  const file = await open(path, 'r').catch(() => {
    throw gone(path);
  });
  const stats = await file.stat();
  if (!stats.isFile()) {
    await file.close();
    throw gone(basename(path));
  }
  const headers = { ...attachment(path), 'content-length': String(stats.size) };
  return answer(headers, file.createReadStream(), head);
}

function answer(headers: Record<string, string>, body: Readable, head = false): MediaResponse {
  if (!head) return { status: 200, headers, body };
  body.destroy();
  return { status: 200, headers };
}
