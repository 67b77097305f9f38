import { cancelledError } from '../../shared/errors.ts';

/** Milliseconds that all runs of an examination may take together. */
const BUDGET = 75_000;
/** Of the memory that is free, what one larger run may take. */
const MEMORY_SHARE = 0.4;
/** What a first run is not expected to exceed, in bytes. */
const BASE_MEMORY = 64e6;
/** Times as many pixels, so that the difference in memory is theirs. */
const CLEARLY_LARGER = 2;

/** Time that is left, and what runs have cost so far: shared by all sessions of an examination. */
export class Expense {
  #spent = 0;
  #perPixel = 0;
  #idlePerPixel = 0;
  #bytes = 0;
  #largest = 0;
  /** What was taken after each run that was larger than all before. */
  readonly #records: { pixels: number; bytes: number }[] = [];
  /** Before the first run; what sessions take is not of the pictures. */
  #before: number | undefined;
  readonly #givenUp: Int32Array;

  /** `givenUp` holds one number, which is not zero once nobody waits any more. */
  constructor(givenUp: Int32Array) {
    this.#givenUp = givenUp;
  }

  /** Throws `cancelled` once nobody waits for what runs find out. */
  expectWanted(): void {
    if (Atomics.load(this.#givenUp, 0) !== 0) throw cancelledError();
  }

  /** Begins to count: call before each run; what it returns counts the run. */
  begin(pixels: number, threads: number): (worked: boolean) => void {
    this.#before ??= process.memoryUsage.rss();
    const [begun, used] = [performance.now(), process.cpuUsage()];
    return (worked) => {
      const { user, system } = process.cpuUsage(used);
      const spent = performance.now() - begun;
      this.#note(pixels, { spent, idle: Math.min(spent, (user + system) / 1000 / threads) }, worked);
    };
  }

  /** Whether `runs` runs of so many pixels are likely to fit into what is left of time and memory. */
  affords(pixels: number, runs = 1): boolean {
    if (this.#spent + pixels * this.#perPixel * runs > BUDGET) return false;
    if (pixels <= this.#largest || this.#largest === 0) return true;
    // Attention to all pixels of all pixels grows with the square.
    const growth = (pixels / this.#largest) ** 2;
    return this.#bytes * growth < MEMORY_SHARE * process.availableMemory() + BASE_MEMORY;
  }

  /** Milliseconds for one run of so many pixels, on a machine that has nothing else to do. */
  expected(pixels: number): number {
    return pixels * this.#idlePerPixel;
  }

  /** Bytes that a pixel more of the input takes: what the largest run took, against a clearly smaller one. */
  get bytesPerPixel(): number {
    const [last] = this.#records.slice(-1);
    const before = this.#records.findLast(({ pixels }) => last && pixels * CLEARLY_LARGER <= last.pixels);
    if (!last) return 0;
    if (!before) return last.bytes / last.pixels;
    return Math.max(0, last.bytes - before.bytes) / (last.pixels - before.pixels);
  }

  /** Pixels of the largest run. */
  get largest(): number {
    return this.#largest;
  }

  #note(pixels: number, { spent, idle }: { spent: number; idle: number }, worked: boolean): void {
    this.#spent += spent;
    if (!worked) return;
    this.#perPixel = spent / pixels;
    this.#idlePerPixel = idle / pixels;
    this.#bytes = Math.max(this.#bytes, process.memoryUsage.rss() - (this.#before ?? 0));
    if (pixels > this.#largest) this.#records.push({ pixels, bytes: this.#bytes });
    this.#largest = Math.max(this.#largest, pixels);
  }
}
