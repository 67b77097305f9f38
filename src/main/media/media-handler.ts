import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { MediaRequest } from '../../shared/contract/media.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { FileState } from '../../shared/jobs.ts';
import type { SquarePlace } from '../../shared/squares.ts';
import type { Places } from '../application/places.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import type { ExportService } from '../exports/export-service.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { attachment, gone, type MediaConditions, type MediaResponse, pictureType } from './media-response.ts';
import { openPreview, type Preview, type PreviewCache } from './preview-cache.ts';
import { squareInWork } from './square-in-work.ts';

interface Means {
  jobs: Pick<JobStore, 'batch' | 'file' | 'files'>;
  previews: PreviewCache;
  engine: Pick<EngineConnection, 'request'>;
  places: Pick<Places, 'input'>;
  exports: Pick<ExportService, 'download' | 'zip'>;
}

/** Answers for pictures: of files that the journal knows, of uploads, of what lies below the root or was handed over; of no others. */
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
      case 'token':
        return this.#preview((await places.input(request)).path, request.side, conditions);
      case 'square':
        return request.of === 'source'
          ? this.#square((await this.#means.jobs.file(request.id)).source, request, conditions)
          : this.#resultSquare(request.id, request, conditions);
      case 'download':
        return download(await this.#result(request.id), conditions);
      case 'zip':
        return this.#zip(request.id, conditions);
      case 'export':
        return this.#export(request.id, conditions);
    }
  }

  async #result(fileId: number): Promise<string> {
    const { result, source } = await this.#means.jobs.file(fileId);
    if (result) return result.target;
    throw new EnlargerError('not-found', `${source}: there is no result of it yet.`, { file: source });
  }

  async #preview(source: string, side: number, conditions: MediaConditions): Promise<MediaResponse> {
    return kept(await this.#means.previews.get(source, side), conditions);
  }

  async #square(source: string, place: SquarePlace, conditions: MediaConditions): Promise<MediaResponse> {
    return kept(await this.#means.previews.square(source, place), conditions);
  }

  /** Of a result in work what is done; it is another one soon. */
  async #resultSquare(
    fileId: number,
    place: SquarePlace,
    conditions: MediaConditions,
  ): Promise<MediaResponse> {
    const { engine, previews, jobs } = this.#means;
    const { result, state } = await jobs.file(fileId);
    if (!result && IN_WORK.has(state)) {
      const square = await squareInWork(engine, fileId, place, previews.momentary());
      if (square) return ofTheMoment(square, conditions);
    }
    // It may have been finished meanwhile.
    return this.#square(await this.#result(fileId), place, conditions);
  }

  async #zip(batchId: number, { head }: MediaConditions): Promise<MediaResponse> {
    const { body, bytes } = await this.#means.exports.zip({ kind: 'batches', batchIds: [batchId] });
    return answer({ ...attachment(`enlarged-${batchId}.zip`), ...length(bytes) }, body, head);
  }

  /** Asking for the headers does not begin it. */
  async #export(id: number, { head }: MediaConditions): Promise<MediaResponse> {
    const download = this.#means.exports.download(id);
    const headers = { ...attachment('enlarged.zip'), ...length(download.bytes) };
    return head ? { status: 200, headers } : { status: 200, headers, body: download.begin() };
  }
}

const IN_WORK: ReadonlySet<FileState> = new Set(['decoding', 'enhancing', 'encoding']);

/** What stays the same as long as its picture does. */
async function kept(preview: Preview, { ifNoneMatch, head }: MediaConditions): Promise<MediaResponse> {
  const etag = `"${preview.etag}"`;
  const headers = { etag, 'cache-control': 'private, no-cache' };
  if (ifNoneMatch === etag) return { status: 304, headers };
  const { file, size, type } = await openPreview(preview);
  return answer({ ...headers, 'content-type': type, ...length(size) }, file.createReadStream(), head);
}

function ofTheMoment(bytes: Buffer, { head }: MediaConditions): MediaResponse {
  const headers = {
    'cache-control': 'no-store',
    'content-type': pictureType(bytes),
    ...length(bytes.length),
  };
  return answer(headers, Readable.from([bytes]), head);
}

function length(bytes: number | undefined): Record<string, string> {
  return bytes === undefined ? {} : { 'content-length': String(bytes) };
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
