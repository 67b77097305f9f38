/**
 * What a pool should do, said as plainly as possible: no free lists, no incremental sums, everything recomputed from
 * the list of buffers. Outcomes are 'waiting', 'slot N' (bytes), 'undefined', or an error code.
 */
interface ModelBuffer {
  size: number;
  oneOff: boolean;
  user: number | undefined;
}

interface ModelWaiter {
  id: number;
  size: number;
  deadline: number;
  group: number | undefined;
}

interface ModelShape {
  classes: { byteLength: number; slots: number }[];
  budgetBytes: number;
}

const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);

export class PoolModel {
  readonly outcomes = new Map<number, string>();
  readonly counters = { hits: 0, misses: 0, waits: 0, oneOffs: 0, timeouts: 0, aborts: 0, leaks: 0 };
  #buffers: ModelBuffer[] = [];
  #waiters: ModelWaiter[] = [];
  #shape: ModelShape;
  #now = 0;
  #highWater = 0;

  constructor(shape: ModelShape) {
    this.#shape = shape;
    this.#grow();
  }

  acquire(id: number, size: number, timeoutMs: number | undefined, group: number | undefined): void {
    if (this.#try(id, size)) return;
    this.counters.misses += 1;
    this.counters.waits += 1;
    this.outcomes.set(id, 'waiting');
    const deadline = this.#now + (timeoutMs ?? Number.POSITIVE_INFINITY);
    this.#waiters.push({ id, size, deadline, group });
  }

  tryAcquire(id: number, size: number): void {
    if (!this.#try(id, size)) this.outcomes.set(id, 'undefined');
  }

  release(id: number): void {
    const buffer = this.#buffers.find(({ user }) => user === id);
    if (!buffer) throw new Error(`The model has no lease ${id}`);
    buffer.user = undefined;
    const place = this.#shape.classes.find(({ byteLength }) => byteLength === buffer.size)?.slots ?? 0;
    const there = this.#buffers.filter(({ size, oneOff }) => size === buffer.size && !oneOff).length;
    if (buffer.oneOff || there > place) this.#drop(buffer);
    this.#update();
  }

  abort(doomed: (waiter: { id: number; group: number | undefined }) => boolean): void {
    this.#leave(this.#waiters.filter(doomed), 'cancelled');
    this.#serve();
  }

  advance(ms: number): void {
    this.#now += ms;
    for (;;) {
      const [next] = this.#waiters
        .filter(({ deadline }) => deadline <= this.#now)
        .sort((a, b) => a.deadline - b.deadline || a.id - b.id);
      if (!next) return;
      this.#leave([next], 'pool-timeout');
      this.#serve();
    }
  }

  resize(shape: ModelShape): void {
    this.#shape = shape;
    const places = new Map(shape.classes.map(({ byteLength, slots }) => [byteLength, slots]));
    const slots = this.#buffers.filter(({ oneOff }) => !oneOff);
    for (const buffer of slots.filter(({ user }) => user === undefined)) {
      const there = this.#buffers.filter(({ size, oneOff }) => size === buffer.size && !oneOff).length;
      if (there > (places.get(buffer.size) ?? 0)) this.#drop(buffer);
    }
    this.#update();
  }

  stats() {
    const used = this.#buffers.filter(({ user }) => user !== undefined);
    return {
      classes: this.#shape.classes
        .map(({ byteLength, slots }) => ({
          byteLength,
          slots,
          free: this.#free().filter(({ size }) => size === byteLength).length,
        }))
        .sort((a, b) => a.byteLength - b.byteLength),
      budgetBytes: this.#shape.budgetBytes,
      inUse: used.length,
      inUseBytes: sum(used.map(({ size }) => size)),
      allocatedBytes: sum(this.#buffers.map(({ size }) => size)),
      highWaterBytes: this.#highWater,
      ...this.counters,
      waiting: this.#waiters.length,
    };
  }

  #free(): ModelBuffer[] {
    return this.#buffers.filter(({ user, oneOff }) => user === undefined && !oneOff);
  }

  #largest(): number {
    return Math.max(0, ...this.#shape.classes.map(({ byteLength }) => byteLength));
  }

  #claimed(): number {
    return sum(this.#shape.classes.map(({ byteLength, slots }) => byteLength * slots));
  }

  /** Whether a one-off of `size` may be made: every slot, to come or to go, has its bytes. */
  #hasRoom(size: number): boolean {
    const sizes = new Set([
      ...this.#shape.classes.map(({ byteLength }) => byteLength),
      ...this.#buffers.filter(({ oneOff }) => !oneOff).map((buffer) => buffer.size),
    ]);
    const slots = [...sizes].map((each) => {
      const wanted = this.#shape.classes.find(({ byteLength }) => byteLength === each)?.slots ?? 0;
      return each * Math.max(wanted, this.#buffers.filter((b) => !b.oneOff && b.size === each).length);
    });
    const oneOffs = this.#buffers.filter(({ oneOff }) => oneOff).map((buffer) => buffer.size);
    return sum(slots) + sum(oneOffs) + size <= this.#shape.budgetBytes;
  }

  #possible(size: number): boolean {
    return size <= this.#largest() || size + this.#claimed() <= this.#shape.budgetBytes;
  }

  #try(id: number, size: number): boolean {
    if (!this.#possible(size)) {
      this.outcomes.set(id, 'too-large');
      return true;
    }
    if (this.#giveSlot(id, size)) {
      this.counters.hits += 1;
      return true;
    }
    if (this.#waiters.some((waiter) => waiter.size > this.#largest()) || !this.#giveRoom(id, size))
      return false;
    this.counters.misses += 1;
    return true;
  }

  #giveSlot(id: number, size: number): boolean {
    const [best] = this.#free()
      .filter((buffer) => buffer.size >= size)
      .sort((a, b) => a.size - b.size);
    if (best) this.#give(id, best);
    return best !== undefined;
  }

  #giveRoom(id: number, size: number): boolean {
    if (size <= this.#largest() || !this.#hasRoom(size)) return false;
    const buffer = { size, oneOff: true, user: undefined };
    this.#buffers.push(buffer);
    this.counters.oneOffs += 1;
    this.#give(id, buffer);
    return true;
  }

  #give(id: number, buffer: ModelBuffer): void {
    buffer.user = id;
    this.outcomes.set(id, `slot ${buffer.size}`);
    this.#highWater = Math.max(this.#highWater, this.stats().inUseBytes);
  }

  #serve(): void {
    let roomTaken = false;
    for (const waiter of [...this.#waiters]) {
      const { id, size } = waiter;
      const served = this.#giveSlot(id, size) || (!roomTaken && this.#giveRoom(id, size));
      if (served) this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
      else if (size > this.#largest()) roomTaken = true;
    }
  }

  #grow(): void {
    for (const { byteLength, slots } of [...this.#shape.classes].sort(
      (a, b) => a.byteLength - b.byteLength,
    )) {
      const there = () => this.#buffers.filter(({ size, oneOff }) => size === byteLength && !oneOff).length;
      while (there() < slots && this.stats().allocatedBytes + byteLength <= this.#shape.budgetBytes) {
        this.#buffers.push({ size: byteLength, oneOff: false, user: undefined });
      }
    }
  }

  #update(): void {
    this.#grow();
    this.#serve();
    this.#leave(
      this.#waiters.filter(({ size }) => !this.#possible(size)),
      'too-large',
    );
    // Those who stood behind them.
    this.#serve();
  }

  #drop(buffer: ModelBuffer): void {
    this.#buffers.splice(this.#buffers.indexOf(buffer), 1);
  }

  #leave(leaving: ModelWaiter[], outcome: string): void {
    for (const { id } of leaving) this.outcomes.set(id, outcome);
    this.#waiters = this.#waiters.filter((waiter) => !leaving.includes(waiter));
    if (outcome === 'cancelled') this.counters.aborts += leaving.length;
    if (outcome === 'pool-timeout') this.counters.timeouts += leaving.length;
  }
}
