import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeterministicPipeline, type Ticket } from '../../../src/engine/pipeline/deterministic-pipeline.ts';
import { type Stage, stages } from '../../../src/engine/pipeline/stage.ts';
import { settled } from './controlled-stage.ts';

type Fate = 'with its owner' | 'in a stage' | 'discarded' | 'delivered';

/** Something to be released: it writes down everyone who takes it over. */
class Token {
  readonly fates: Fate[] = [];
}

const PLACES = [1, 2, 3];
const DEPTH = 2;

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('submit' as const), at: fc.nat() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('finish' as const), at: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('fail' as const, 'abort' as const), at: fc.nat() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('cleanUp' as const, 'wait' as const), at: fc.nat() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), at: fc.nat({ max: 3 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A pipeline of three stages, and everything that a test can do to it, by picking from what is open. */
class World {
  readonly tokens: Token[] = [];
  readonly settledIds: number[] = [];
  #calls: PromiseWithResolvers<Token>[] = [];
  #discards: PromiseWithResolvers<void>[] = [];
  readonly #aborts: AbortController[] = [];
  readonly #pipeline: DeterministicPipeline<Token, Token>;

  constructor(sequential: boolean) {
    const [first, ...others] = PLACES.map((places, index) => this.#stage(`${index}`, places));
    if (!first) throw new Error('no stage');
    this.#pipeline = new DeterministicPipeline({
      stages: others.reduce((chain, stage) => chain.stage(stage), stages(first)),
      queueDepth: DEPTH,
      sequential,
      discardInput: (token) => this.#discard(token),
    });
  }

  async do(what: Step): Promise<void> {
    if (what.do === 'submit') void this.#submit(what.at % 2 === 0);
    if (what.do === 'finish') this.#pick(this.#calls, what.at)?.resolve(this.#token());
    if (what.do === 'fail') this.#pick(this.#calls, what.at)?.reject(new Error('failed'));
    if (what.do === 'abort') this.#pick(this.#aborts, what.at)?.abort();
    if (what.do === 'cleanUp') this.#pick(this.#discards, what.at)?.resolve();
    if (what.do === 'wait') await settled();
    // Rarely: a stopped pipeline has not much to tell.
    if (what.do === 'stop' && what.at === 3) void this.#pipeline.stop();
    this.#checkBounds();
  }

  /** Ends everything that is open, until nothing is left. */
  async finish(): Promise<void> {
    let over = false;
    void this.#pipeline.drain().then(() => {
      over = true;
    });
    for (await settled(); !over; await settled()) {
      for (const call of this.#calls.splice(0)) call.resolve(this.#token());
      for (const discard of this.#discards.splice(0)) discard.resolve();
      this.#checkBounds();
    }
  }

  get accepted(): number {
    return this.#pipeline.stats().accepted;
  }

  #stage(name: string, concurrency: number): Stage<Token, Token> {
    return {
      name,
      concurrency,
      run: (input) => {
        input.fates.push('in a stage');
        const call = Promise.withResolvers<Token>();
        this.#calls.push(call);
        return call.promise;
      },
      discard: (token) => this.#discard(token),
    };
  }

  async #submit(withSignal: boolean): Promise<void> {
    const abort = new AbortController();
    if (withSignal) this.#aborts.push(abort);
    const input = this.#token();
    let ticket: Ticket<Token>;
    try {
      ticket = await this.#pipeline.submit(input, withSignal ? { signal: abort.signal } : {});
    } catch {
      input.fates.push('with its owner');
      return;
    }
    try {
      (await ticket.result).fates.push('delivered');
    } catch {
      // Failed and cancelled frames deliver nothing; where their tokens went is checked at the end.
    }
    this.settledIds.push(ticket.frameId);
  }

  #discard(token: Token): Promise<void> {
    token.fates.push('discarded');
    const discard = Promise.withResolvers<void>();
    this.#discards.push(discard);
    return discard.promise;
  }

  #token(): Token {
    const token = new Token();
    this.tokens.push(token);
    return token;
  }

  #pick<T>(open: T[], at: number): T | undefined {
    return open.splice(at % Math.max(open.length, 1), 1)[0];
  }

  #checkBounds(): void {
    const { stages: loads } = this.#pipeline.stats();
    for (const [index, load] of loads.entries()) {
      expect(load.queued).toBeLessThanOrEqual(DEPTH);
      expect(load.running + load.ready).toBeLessThanOrEqual(PLACES[index] ?? 0);
    }
  }
}

describe('ownership', () => {
  it.each([false, true])(
    'ends every value exactly once, whatever happens (sequential: %s)',
    async (sequential) => {
      const run = async (steps: Step[]) => {
        const world = new World(sequential);
        for (const what of steps) await world.do(what);
        await world.finish();
        expect(world.tokens.filter((token) => token.fates.length !== 1)).toEqual([]);
        expect(world.settledIds).toEqual(Array.from({ length: world.accepted }, (_, id) => id));
      };
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 60 }), run), { numRuns: 150 });
    },
  );
});
