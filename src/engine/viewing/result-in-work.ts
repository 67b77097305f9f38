import type { Rect } from '../../shared/tiles.ts';
import type { RawSize } from '../codec/raw-tiff.ts';

/** A result that is being made, as those read it who look at it. */
export interface ResultView {
  /** Tells results apart, also those of one job that was begun anew. */
  key: number;
  size: RawSize;
  pixels: PixelPlace;
  /** Scratch file with the result's alpha, where any of it shows. */
  alpha: string | undefined;
  /** Scratch frame with the source's metadata: it says what colours the samples stand for. */
  carrier: string;
}

/**
 * Where a result's samples lie.
 * - `memory`: from `offset` bytes on in `buffer`, `bands` a pixel: the network's three, or those of the file.
 * - `file`: in a scratch file (raw-tiff.ts), those of the file.
 */
export type PixelPlace =
  | { kind: 'memory'; buffer: SharedArrayBuffer; offset: number; bands: number }
  | { kind: 'file'; file: string };

let results = 0;

/**
 * What there is to be seen of one job's result while it is made: done parts of it where they are computed, then the file
 * under its temporary name. Memory is not given back, and samples are not moved, while somebody reads them.
 */
export class ResultInWork {
  readonly #done: Rect[] = [];
  readonly #readers = new Set<Promise<unknown>>();
  #view: ResultView | undefined;
  #written: string | undefined;
  #changing: Promise<void> | undefined;

  /** The result has a place, and nothing in it yet. */
  begin(view: Omit<ResultView, 'key'>): void {
    this.#view = { ...view, key: results++ };
  }

  /** A part of it, in its pixels, can be read. */
  add(done: Rect): void {
    this.#done.push(done);
  }

  /** All of it is in this file. */
  write(file: string): void {
    this.#written = file;
  }

  /** The file that all of it is in. */
  get written(): string | undefined {
    return this.#written;
  }

  get key(): number | undefined {
    return this.#view?.key;
  }

  /** Lets `look` read; undefined while there is nothing to be read. */
  async read<T>(look: (view: ResultView, done: readonly Rect[]) => Promise<T>): Promise<T | undefined> {
    while (this.#changing) await this.#changing;
    if (!this.#view) return undefined;
    const reading = look(this.#view, this.#done);
    this.#readers.add(reading);
    try {
      return await reading;
    } finally {
      this.#readers.delete(reading);
    }
  }

  /** The samples move to where `act` resolves to, and nobody reads them meanwhile. Called by one after the other. */
  async move(act: () => Promise<PixelPlace>): Promise<void> {
    await this.#alone(async () => {
      const pixels = await act();
      if (this.#view) this.#view = { ...this.#view, pixels };
    });
  }

  /** Nothing of it is read any more when this resolves: memory and scratch files may go. */
  close(): Promise<void> {
    return this.#alone(async () => {
      this.#view = undefined;
    });
  }

  async #alone(act: () => Promise<void>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#changing = promise;
    try {
      await Promise.allSettled(this.#readers);
      await act();
    } finally {
      this.#changing = undefined;
      resolve();
    }
  }
}
