import { rm } from 'node:fs/promises';
import type { BatchRequest, PlanSummary } from '../../shared/contract/batches.ts';
import type { Offered } from '../../shared/contract/input.ts';
import { asEnlargerError } from '../../shared/errors.ts';
import type { BatchRecord } from '../../shared/jobs.ts';
import { ownedBy } from './batch-maker.ts';
import { CLOSED } from './batch-queue.ts';
import { type ApplicationOptions, type Services, startServices } from './services.ts';

/** Batches that are looked at when asked which are unfinished, or what they own. */
const ALL_BATCHES = 10_000;

/** What a shell with a page can do: the services of main, and what takes several of them. */
export class Application implements AsyncDisposable {
  readonly services: Services;
  readonly #close: () => PromiseLike<void>;

  private constructor(services: Services & AsyncDisposable) {
    this.services = services;
    this.#close = () => services[Symbol.asyncDispose]();
  }

  /** As `startServices`. */
  static async start(options: ApplicationOptions): Promise<Application> {
    const application = new Application(await startServices(options));
    await application.#removeAbandoned();
    return application;
  }

  /** Hands pictures and folders over to the next page that takes them; what is not there becomes a notice. */
  async offer(paths: readonly string[]): Promise<void> {
    const { events, places } = this.services;
    const offered: Offered[] = [];
    for (const path of paths) {
      await places.tokens.offer(path).then(
        (one) => offered.push(one),
        (error: unknown) => events.notice(asEnlargerError(error, 'not-found').message),
      );
    }
    if (offered.length > 0) events.offer(offered);
  }

  /** Queues what was interrupted: batches of this shell that nobody has paused. */
  async resumeUnfinished(): Promise<void> {
    const batches = await this.services.jobs.batches({
      states: ['queued', 'running', 'paused'],
      limit: ALL_BATCHES,
    });
    for (const { id, shell, state, reason } of batches.reverse()) {
      if (shell !== this.services.shell || (state === 'paused' && reason !== CLOSED)) continue;
      await this.resume(id);
    }
  }

  plan(request: BatchRequest): Promise<PlanSummary> {
    return this.services.maker.plan(request);
  }

  /** Makes a batch and queues it. */
  async create(request: BatchRequest): Promise<BatchRecord> {
    const id = await this.services.maker.create(request);
    this.services.queue.add(id);
    return this.services.jobs.batch(id);
  }

  /** Queues a batch that is paused; leaves one that runs, or waits for its turn, as it is. */
  async resume(batchId: number): Promise<void> {
    if (this.services.queue.has(batchId)) return;
    await this.services.jobs.setBatchState(batchId, 'queued');
    this.services.queue.add(batchId);
  }

  /** Queues files again that failed or were cancelled; resolves to how many. */
  async retry(batchId: number, which: { failed: boolean; cancelled: boolean }): Promise<number> {
    const count = await this.services.jobs.retry(batchId, which);
    if (count > 0) this.services.queue.add(batchId);
    this.services.events.reload(batchId);
    return count;
  }

  /** Queues these files again where they failed or were cancelled; resolves to how many. */
  async retryFiles(fileIds: readonly number[]): Promise<number> {
    const batches = await this.services.jobs.retryFiles([...fileIds]);
    for (const batchId of new Set(batches)) {
      this.services.queue.add(batchId);
      this.services.events.reload(batchId);
    }
    return batches.length;
  }

  /** Forgets ended batches, and with them their uploads and the results that nobody else has. */
  async clear(batchIds: readonly number[] | undefined): Promise<number> {
    const before = await this.services.jobs.batches({ limit: ALL_BATCHES });
    await this.services.jobs.clear(batchIds ? { batchIds: [...batchIds] } : { endedBefore: Date.now() + 1 });
    const after = await this.services.jobs.batches({ limit: ALL_BATCHES });
    const left = new Set(after.map(({ id }) => id));
    const gone = before.filter(({ id }) => !left.has(id));
    this.services.events.cleared(gone.map(({ id }) => id));
    const inUse = uploadsOf(after);
    await this.services.places.uploads?.remove([...uploadsOf(gone)].filter((id) => !inUse.has(id)));
    for (const { out, recipe } of gone) {
      if (!ownedBy(recipe).kept || !this.services.places.owns(out)) continue;
      await rm(out, { recursive: true, force: true }).catch(() => {});
    }
    return gone.length;
  }

  /** Stops files for good, those in work included. */
  async cancelFiles(fileIds: readonly number[]): Promise<void> {
    this.services.queue.cancelFiles(await this.services.jobs.cancelFiles([...fileIds]));
    await this.#filesChanged(fileIds);
  }

  /** Forgets files that are still queued; resolves to how many were. */
  async removeFiles(fileIds: readonly number[]): Promise<number> {
    const batches = await this.#batchesOf(fileIds);
    const count = await this.services.jobs.removeFiles([...fileIds]);
    await this.#settle(batches);
    return count;
  }

  async pauseFiles(fileIds: readonly number[]): Promise<void> {
    await this.services.jobs.pauseFiles([...fileIds]);
    await this.#filesChanged(fileIds);
  }

  async resumeFiles(fileIds: readonly number[]): Promise<void> {
    await this.services.jobs.resumeFiles([...fileIds]);
    for (const batchId of await this.#filesChanged(fileIds)) {
      const { state, shell } = await this.services.jobs.batch(batchId);
      if (shell === this.services.shell && (state === 'queued' || state === 'running'))
        this.services.queue.add(batchId);
    }
  }

  async prioritise(fileIds: readonly number[]): Promise<void> {
    await this.services.jobs.prioritise([...fileIds]);
    await this.#filesChanged(fileIds);
  }

  /** The engine makes first what the user looks at, a point in pixels of the result; a file of which it has nothing yet, later. */
  look(fileId: number, point: { x: number; y: number } | null): void {
    // It changes the order of the work and nothing else: without an engine there is none.
    this.services.engine.request('look', { jobId: fileId, point }).catch(() => {});
  }

  /** Removes uploads that no batch has. */
  async discardUploads(ids: readonly string[]): Promise<void> {
    const inUse = uploadsOf(await this.services.jobs.batches({ limit: ALL_BATCHES }));
    await this.services.places.uploads?.remove(ids.filter((id) => !inUse.has(id)));
  }

  /** Pauses what is running, to go on at the next start, and ends everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }

  async #filesChanged(fileIds: readonly number[]): Promise<Set<number>> {
    const batches = await this.#batchesOf(fileIds);
    await this.#settle(batches);
    return batches;
  }

  /** A batch that nobody runs ends with the last of its files. */
  async #settle(batches: ReadonlySet<number>): Promise<void> {
    for (const id of batches) {
      if (!this.services.queue.has(id)) await this.services.jobs.settle(id);
      this.services.events.reload(id);
    }
  }

  async #batchesOf(fileIds: readonly number[]): Promise<Set<number>> {
    const found = await Promise.allSettled(fileIds.map((id) => this.services.jobs.file(id)));
    return new Set(found.flatMap((file) => (file.status === 'fulfilled' ? [file.value.batchId] : [])));
  }

  async #removeAbandoned(): Promise<void> {
    const inUse = uploadsOf(await this.services.jobs.batches({ limit: ALL_BATCHES }));
    await this.services.places.uploads?.removeAbandoned(inUse);
  }
}

function uploadsOf(batches: readonly BatchRecord[]): Set<string> {
  return new Set(batches.flatMap(({ recipe }) => ownedBy(recipe).uploads));
}
