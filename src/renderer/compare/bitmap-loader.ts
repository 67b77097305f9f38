import { type Bitmap, BitmapCache, type Held, type Loaded } from './bitmap-cache.ts';

/** A picture, or a square of one, that is to be shown. */
export interface Want {
  readonly key: string;
  readonly url: string;
  /** Of what state of the picture; what is held of another one is shown until this is here. */
  readonly version: string;
  /** Those that are refused together: after one of them was, the others wait. */
  readonly group: string;
  /** Parts are added to it with each state: one without a gap is not asked for again. */
  readonly growing?: boolean;
}

interface LoaderOptions<B extends Bitmap> {
  /** Rejects where there is no such picture, or it cannot be decoded. */
  load(url: string, signal: AbortSignal): Promise<Loaded<B>>;
  /** Told after each bitmap that came, and when something may be asked for again. */
  onChange(): void;
  bytes: number;
  /** How many are fetched at once. */
  atOnce?: number;
  /** Milliseconds between two states of the same bitmap, at least. */
  pause?: number;
}

/** Milliseconds that a group which was refused waits: the first time, and at most. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;

/** Fetches what is wanted in its order, and keeps what was fetched. What is no longer wanted is stopped. */
export class BitmapLoader<B extends Bitmap> implements Disposable {
  readonly #options: Required<LoaderOptions<B>>;
  readonly #cache: BitmapCache<B>;
  readonly #inFlight = new Map<string, AbortController>();
  readonly #lastEnd = new Map<string, number>();
  readonly #refused = new Map<string, { until: number; wait: number }>();
  #wanted: readonly Want[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: LoaderOptions<B>) {
    this.#options = { atOnce: 4, pause: 200, ...options };
    this.#cache = new BitmapCache(options.bytes);
  }

  /** What there is of this name, of whichever state. */
  held(key: string): Held<B> | undefined {
    return this.#cache.peek(key);
  }

  /** True while nothing of this group is to be had. */
  isRefused(group: string): boolean {
    return (this.#refused.get(group)?.until ?? 0) > performance.now();
  }

  /** From now on these are wanted, the first most of all, and `inUse` is kept beside them. */
  want(wanted: readonly Want[], inUse: Iterable<string> = []): void {
    const keys = new Set(wanted.map(({ key }) => key));
    this.#cache.prune(new Set([...keys, ...inUse]));
    this.#wanted = wanted.filter((want) => !isHeld(want, this.#cache.peek(want.key)));
    for (const [key, abort] of this.#inFlight) {
      if (keys.has(key)) continue;
      this.#inFlight.delete(key);
      abort.abort();
    }
    for (const key of this.#lastEnd.keys()) if (!keys.has(key)) this.#lastEnd.delete(key);
    this.#pump();
  }

  [Symbol.dispose](): void {
    this.want([]);
    clearTimeout(this.#timer);
    this.#cache.clear();
  }

  #pump(): void {
    const now = performance.now();
    let again = Number.POSITIVE_INFINITY;
    for (const want of this.#wanted) {
      if (this.#inFlight.size >= this.#options.atOnce) break;
      if (this.#inFlight.has(want.key)) continue;
      const due = Math.max(
        this.#refused.get(want.group)?.until ?? 0,
        (this.#lastEnd.get(want.key) ?? Number.NEGATIVE_INFINITY) + this.#options.pause,
      );
      if (due <= now) void this.#fetch(want);
      else again = Math.min(again, due);
    }
    clearTimeout(this.#timer);
    if (again === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#options.onChange(), again - now);
  }

  async #fetch(want: Want): Promise<void> {
    const abort = new AbortController();
    this.#inFlight.set(want.key, abort);
    try {
      const loaded = await this.#options.load(want.url, abort.signal);
      if (abort.signal.aborted) loaded.bitmap.close();
      else {
        this.#cache.put(want.key, { ...loaded, version: want.version });
        this.#refused.delete(want.group);
      }
    } catch {
      if (!abort.signal.aborted) this.#refuse(want.group);
    }
    if (abort.signal.aborted) return;
    this.#inFlight.delete(want.key);
    this.#lastEnd.set(want.key, performance.now());
    this.#options.onChange();
  }

  #refuse(group: string): void {
    const wait = Math.min(LONGEST_WAIT, (this.#refused.get(group)?.wait ?? FIRST_WAIT / 2) * 2);
    this.#refused.set(group, { until: performance.now() + wait, wait });
  }
}

function isHeld({ version, growing }: Want, held: Held<Bitmap> | undefined): boolean {
  return held !== undefined && (held.version === version || (growing === true && held.full));
}
