import type { Offered } from '../../shared/contract/input.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { Services } from '../application/services.ts';
import type { SystemCalls } from './system-calls.ts';

/** What a page is answered that asks for something of the system around it. */
export class SystemAnswers {
  readonly #services: Pick<Services, 'jobs' | 'places' | 'exports'>;
  readonly #system: SystemCalls | undefined;

  constructor(services: Pick<Services, 'jobs' | 'places' | 'exports'>, system: SystemCalls | undefined) {
    this.#services = services;
    this.#system = system;
  }

  async pictures(): Promise<Offered[]> {
    return this.#offered(await this.#expect().pickPictures());
  }

  async folders(): Promise<Offered[]> {
    return this.#offered(await this.#expect().pickFolders());
  }

  async out(): Promise<Offered | null> {
    const path = await this.#expect().pickOut();
    return path === undefined ? null : this.#services.places.tokens.offer(path);
  }

  recentOuts(): Promise<Offered[]> {
    return this.#offered(this.#expect().recentOuts());
  }

  /** Throws `not-found` for a file without a result. */
  async reveal(fileId: number): Promise<void> {
    const system = this.#expect();
    system.reveal(await this.#result(fileId));
  }

  /** Throws `not-found` for an export that has left nothing on the disk. */
  revealExport(id: number): void {
    const system = this.#expect();
    system.reveal(this.#services.exports.target(id));
  }

  async dragOut(fileIds: readonly number[]): Promise<void> {
    const system = this.#expect();
    await system.dragOut(await Promise.all(fileIds.map((id) => this.#result(id))));
  }

  #expect(): SystemCalls {
    if (this.#system) return this.#system;
    throw new EnlargerError('bad-argument', 'Only the window of Enlarger can do this, and not a browser.');
  }

  /** What is gone is left out. */
  async #offered(paths: readonly string[]): Promise<Offered[]> {
    const offered = await Promise.allSettled(paths.map((path) => this.#services.places.tokens.offer(path)));
    return offered.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async #result(fileId: number): Promise<string> {
    const { result, source } = await this.#services.jobs.file(fileId);
    if (result) return result.target;
    throw new EnlargerError('not-found', `${source}: there is no result of it yet.`, { file: source });
  }
}
