import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ImageBufferPool } from '../../../src/engine/buffers/image-buffer-pool.ts';
import type { Lease } from '../../../src/engine/buffers/lease.ts';
import { EnlargerError } from '../../../src/shared/errors.ts';
import { PoolModel } from './pool-model.ts';
import { fakeTimeouts, settled } from './support.ts';

const shapeOf = (budgetBytes: number, ...classes: [number, number][]) => ({
  classes: classes.map(([byteLength, slots]) => ({ byteLength, slots })),
  budgetBytes,
});
const SHAPES = [
  shapeOf(1200, [300, 1], [100, 2]),
  shapeOf(1000, [100, 1], [200, 2]),
  shapeOf(400, [400, 1]),
  shapeOf(900),
  shapeOf(1150, [50, 3], [100, 3], [300, 2]),
];

const size = fc.constantFrom(1, 50, 51, 100, 101, 200, 300, 301, 400, 500, 700, 900);
const shape = fc.constantFrom(...SHAPES);
const nth = fc.nat(99);
const op = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('acquire' as const),
      size,
      timeoutMs: fc.option(fc.constantFrom(1, 10, 100), { nil: undefined }),
      group: fc.option(fc.constantFrom(0, 1), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('try' as const), size }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('release' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('abort' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort group' as const), group: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(1, 9, 50) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resize' as const), shape }) },
);
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never;

/** A pool and its model, taken through the same operations and compared after each. */
class Bench {
  readonly #pool: ImageBufferPool;
  readonly #model: PoolModel;
  readonly #outcomes = new Map<number, string>();
  readonly #leases = new Map<number, Lease>();
  readonly #waits = new Map<number, AbortController>();
  readonly #groups = [new AbortController(), new AbortController()];
  readonly #sizes = new Map<number, number>();
  /** Ids of requests that got their lease, in the order in which they did. */
  readonly #served: number[] = [];
  #ids = 0;

  constructor(first: (typeof SHAPES)[number]) {
    this.#pool = new ImageBufferPool(first);
    this.#model = new PoolModel(first);
  }

  async apply(step: Op): Promise<void> {
    this.#perform(step);
    await settled();
    this.#compare();
  }

  /** Releases until nothing is out: everybody who waits must have had a turn. */
  async drain(): Promise<void> {
    while (this.#leases.size > 0) await this.apply({ kind: 'release', nth: 0 });
    const stats = this.#pool.stats();
    expect(stats).toMatchObject({ waiting: 0, inUse: 0, inUseBytes: 0 });
    expect(stats.classes.map(({ free }) => free)).toEqual(stats.classes.map(({ slots }) => slots));
    expect(vi.getTimerCount()).toBe(0);
    await this.#pool.whenIdle();
  }

  #perform(step: Op): void {
    if (step.kind === 'acquire') this.#acquire(step.size, step.timeoutMs, step.group);
    else if (step.kind === 'try') this.#try(step.size);
    else if (step.kind === 'release') this.#release(step.nth);
    else if (step.kind === 'abort') this.#abort(step.nth);
    else if (step.kind === 'abort group') this.#abortGroup(step.group);
    else if (step.kind === 'resize') {
      this.#pool.resize(step.shape);
      this.#model.resize(step.shape);
    } else {
      vi.advanceTimersByTime(step.ms);
      this.#model.advance(step.ms);
    }
  }

  #acquire(byteLength: number, timeoutMs: number | undefined, group: number | undefined): void {
    const id = this.#begin(byteLength);
    const own = new AbortController();
    const shared = group === undefined ? undefined : this.#groups[group];
    this.#outcomes.set(id, 'waiting');
    this.#waits.set(id, own);
    this.#pool.acquire(byteLength, { timeoutMs, signal: (shared ?? own).signal }).then(
      (lease) => this.#lent(id, lease),
      (error: unknown) => this.#refused(id, error),
    );
    this.#model.acquire(id, byteLength, timeoutMs, group);
  }

  #try(byteLength: number): void {
    const id = this.#begin(byteLength);
    try {
      const lease = this.#pool.tryAcquire(byteLength);
      if (lease) this.#lent(id, lease);
      else this.#outcomes.set(id, 'undefined');
    } catch (error) {
      this.#refused(id, error);
    }
    this.#model.tryAcquire(id, byteLength);
  }

  #release(nthLease: number): void {
    const ids = [...this.#leases.keys()];
    const id = ids[nthLease % ids.length];
    if (id === undefined) return;
    const lease = this.#leases.get(id);
    this.#leases.delete(id);
    lease?.release();
    lease?.release();
    this.#model.release(id);
  }

  #abort(nthWait: number): void {
    const ids = [...this.#waits.keys()];
    const doomed = ids[nthWait % ids.length];
    if (doomed === undefined) return;
    this.#waits.get(doomed)?.abort();
    this.#model.abort(({ id, group }) => id === doomed && group === undefined);
  }

  #abortGroup(index: number): void {
    this.#groups[index]?.abort();
    this.#groups[index] = new AbortController();
    this.#model.abort(({ group }) => group === index);
  }

  #begin(byteLength: number): number {
    this.#ids += 1;
    this.#sizes.set(this.#ids, byteLength);
    return this.#ids;
  }

  #lent(id: number, lease: Lease): void {
    this.#outcomes.set(id, `slot ${lease.buffer.byteLength}`);
    this.#leases.set(id, lease);
    this.#waits.delete(id);
    this.#served.push(id);
    expect(lease.bytes.length).toBe(this.#sizes.get(id));
  }

  #refused(id: number, error: unknown): void {
    this.#outcomes.set(id, error instanceof EnlargerError ? error.code : String(error));
    this.#waits.delete(id);
  }

  #compare(): void {
    expect(Object.fromEntries(this.#outcomes)).toEqual(Object.fromEntries(this.#model.outcomes));
    expect(this.#pool.stats()).toEqual(this.#model.stats());
    const buffers = [...this.#leases.values()].map(({ buffer }) => buffer);
    expect(new Set(buffers).size).toBe(buffers.length);
    for (const bytes of new Set(this.#sizes.values())) {
      const order = this.#served.filter((id) => this.#sizes.get(id) === bytes);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  }
}

beforeEach(fakeTimeouts);
afterEach(() => {
  vi.useRealTimers();
});

it('does what its model does, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(shape, fc.array(op, { maxLength: 60, size: 'max' }), async (first, steps) => {
      vi.clearAllTimers();
      const bench = new Bench(first);
      for (const step of steps) await bench.apply(step);
      await bench.drain();
    }),
    { numRuns: 400 },
  );
});
