import { CARDS, readAmd } from './amd.ts';
import { askNvidia, type Graphics, nvidiaProgram } from './nvidia.ts';

/** Milliseconds between two questions to NVIDIA's driver: its program takes tens of them of a core. */
const INTERVAL = 2_000;
/** The same after it answered with no cards: there is a program and no driver, which seldom changes. */
const LONG_INTERVAL = 60_000;
/** So old a figure says nothing any more, milliseconds. */
const STALE = 10_000;

interface GraphicsOptions {
  /** NVIDIA's program; tests have one of their own. */
  program?: string;
  /** Folder of Linux's graphics cards. */
  cards?: string;
}

/** What the graphics processors do. NVIDIA's are asked in the background, so that nobody ever waits for their driver. */
export class GraphicsWatch implements Disposable {
  readonly #program: string;
  readonly #cards: string;
  readonly #stop = new AbortController();
  #nvidia: { cards: Graphics[]; at: number } | undefined;
  #asking: Promise<void> | undefined;
  #askAt = Number.NEGATIVE_INFINITY;

  constructor({ program = nvidiaProgram(), cards = CARDS }: GraphicsOptions = {}) {
    this.#program = program;
    this.#cards = cards;
  }

  /** As last reported. What is older than a few seconds is not reported any more. */
  async read(now = performance.now()): Promise<Graphics[]> {
    if (now >= this.#askAt) void this.ask();
    const stale = this.#nvidia !== undefined && now - this.#nvidia.at > STALE;
    const nvidia = this.#nvidia?.cards ?? [];
    const known = stale ? nvidia.map((card) => ({ ...card, busy: null, memoryUsed: null })) : nvidia;
    return [...known, ...(process.platform === 'linux' ? await readAmd(this.#cards) : [])];
  }

  /** Asks NVIDIA's driver now, or joins whoever is asking; resolves when it has answered. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Ends a question that is under way. */
  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#askAt = Number.POSITIVE_INFINITY;
  }

  async #ask(): Promise<void> {
    const begun = performance.now();
    // A program that does not end even when it is killed is not joined by a second one.
    this.#askAt = Number.POSITIVE_INFINITY;
    const answer = await askNvidia(this.#program, this.#stop.signal);
    if (answer === 'missing' || this.#stop.signal.aborted) return;
    const failed = answer.length === 0;
    if (!failed) this.#nvidia = { cards: answer, at: performance.now() };
    this.#askAt = begun + (failed && !this.#nvidia ? LONG_INTERVAL : INTERVAL);
  }
}
