import { setTimeout as pass } from 'node:timers/promises';
import type { CatalogueEntry } from '../../shared/catalogue.ts';
import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import { readAnswer } from './answer.ts';
import { asDownloadError, downloadFailed } from './download-error.ts';
import type { NetworkGate } from './network-gate.ts';
import type { PartFile } from './part-file.ts';

/** A break after less than this was no step ahead. */
const STEP = 65_536;

export interface DownloadLimits {
  /** Milliseconds without a byte after which a connection is given up. */
  stall: number;
  /** Breaks in a row, none of them with a step ahead, after which the download has failed. */
  breaks: number;
  /** Milliseconds to wait after the nth break in a row, from 1. */
  pause: (breaks: number) => number;
}

export const USUAL_LIMITS: DownloadLimits = {
  stall: 30_000,
  breaks: 5,
  pause: (breaks) => 1000 * 2 ** (breaks - 1),
};

export interface DownloadMeans {
  gate: NetworkGate;
  limits: DownloadLimits;
  signal: AbortSignal;
  onProgress: (done: number) => void;
}

/** Null: the file is whole. Else why it is not, which another attempt may change. */
type Break = EnlargerError | null;

/**
 * Fetches what `part` still lacks of a model's file, in as many attempts as it takes. Its length has been checked when this
 * resolves, its hash has not. Throws `offline`, `download-failed`, `verify-failed` (the part is emptied then), `disk-full`,
 * or what `signal` was aborted with.
 */
export class FileDownload {
  readonly #entry: CatalogueEntry;
  readonly #part: PartFile;
  readonly #means: DownloadMeans;
  readonly #host: string;
  #answered = false;

  constructor(entry: CatalogueEntry, part: PartFile, means: DownloadMeans) {
    this.#entry = entry;
    this.#part = part;
    this.#means = means;
    this.#host = new URL(entry.address).host;
  }

  async run(): Promise<void> {
    const { limits, signal } = this.#means;
    let furthest = this.#part.bytes;
    for (let breaks = 0; ; ) {
      const broken = await this.#attempt();
      if (broken === null) return;
      breaks = this.#part.bytes >= furthest + STEP ? 1 : breaks + 1;
      furthest = Math.max(furthest, this.#part.bytes);
      if (breaks >= limits.breaks) throw broken;
      await pass(limits.pause(breaks), undefined, { signal }).catch(() => {});
      if (signal.aborted) throw cancelledError(signal);
    }
  }

  async #attempt(): Promise<Break> {
    const { signal, limits } = this.#means;
    if (this.#part.bytes === this.#entry.bytes) return null;
    const stalled = new AbortController();
    const timer = setTimeout(() => stalled.abort(), limits.stall);
    try {
      return await this.#ask(AbortSignal.any([signal, stalled.signal]), timer);
    } catch (error) {
      if (signal.aborted) throw cancelledError(signal);
      const typed = stalled.signal.aborted
        ? this.#failed(`nothing has arrived for ${Math.ceil(limits.stall / 1000)} s`, error)
        : asDownloadError(error, this.#entry.id, this.#host);
      // What a connection breaks over has a cause; what the gate or the host says no to has none.
      const mayPass = typed.code === 'download-failed' && typed.cause !== undefined && this.#answered;
      if (mayPass) return typed;
      throw typed;
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(signal: AbortSignal, timer: NodeJS.Timeout): Promise<Break> {
    const { id, address } = this.#entry;
    const { bytes, validator } = this.#part;
    const range = bytes > 0 && validator !== null ? { range: `bytes=${bytes}-`, 'if-range': validator } : {};
    const headers = { 'user-agent': 'Enlarger', 'accept-encoding': 'identity', ...range };
    const answer = await this.#means.gate.get({ id, address, headers, signal });
    this.#answered = true;
    // Without a listener, a connection that breaks while nobody reads would end the process.
    answer.on('error', () => {});
    try {
      const broken = await this.#prepare(readAnswer(answer));
      if (broken !== undefined) return broken;
      for await (const chunk of answer) {
        timer.refresh();
        await this.#take(chunk as Uint8Array);
      }
    } finally {
      answer.destroy();
    }
    const { bytes: total } = this.#entry;
    if (this.#part.bytes === total) return null;
    return this.#failed(`it broke off after ${this.#part.bytes} of ${total} bytes`);
  }

  /** Makes the part ready for what follows; undefined where the file does. */
  async #prepare(answered: ReturnType<typeof readAnswer>): Promise<Break | undefined> {
    const { id, home } = this.#entry;
    switch (answered.kind) {
      case 'whole':
        await this.#expectLength(answered.total);
        await this.#part.begin(answered.validator);
        return undefined;
      case 'rest': {
        const { bytes, validator } = this.#part;
        const goesOn = answered.start === bytes && (answered.validator ?? validator) === validator;
        if (goesOn && (answered.total ?? this.#entry.bytes) === this.#entry.bytes) return undefined;
        await this.#part.empty();
        return this.#failed('it went on with another file than it had begun with');
      }
      case 'nothing-there':
        await this.#part.empty();
        return this.#failed('it has less of the file than it had');
      case 'busy':
        return this.#failed(`it answered ${answered.status}`);
      case 'gone':
        throw new EnlargerError(
          'not-found',
          `${id}: its file is not at ${this.#host} any more. Look for it at ${home}, and add it as a model of your own.`,
        );
      case 'refused':
        throw this.#failed(answered.reason);
    }
  }

  async #expectLength(announced: number | null): Promise<void> {
    const { bytes } = this.#entry;
    if (announced === null || announced === bytes) return;
    await this.#part.empty();
    throw wrongFile(this.#entry, `has ${announced} bytes, where the catalogue says ${bytes}`);
  }

  async #take(chunk: Uint8Array): Promise<void> {
    const { bytes: total } = this.#entry;
    if (this.#part.bytes + chunk.length > total) {
      await this.#part.empty();
      throw wrongFile(this.#entry, `goes on beyond the ${total} bytes that it should have`);
    }
    await this.#part.write(chunk);
    this.#means.onProgress(this.#part.bytes);
  }

  #failed(reason: string, cause?: unknown): EnlargerError {
    return downloadFailed(this.#entry.id, this.#host, reason, 'Try again later.', cause);
  }
}

/** The file is not what the catalogue describes; `reason` goes on from the file. */
export function wrongFile({ id, address, home }: CatalogueEntry, reason: string): EnlargerError {
  const message =
    `${id}: the file at ${new URL(address).host} ${reason}. It was exchanged or damaged, and nothing of it was kept. ` +
    `Try again later, or look at ${home}.`;
  return new EnlargerError('verify-failed', message);
}
