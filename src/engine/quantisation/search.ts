import type { Candidate, Candidates, Quality } from './candidates.ts';
import { RANGE_METHODS, type RangeMethod } from './choose-range.ts';
import type { Layer } from './layers.ts';
import type { Sample } from './samples.ts';

/** Layers beyond which each is tried on fewer samples: deep networks are slow, and have many. */
const MANY = 40;
const FEW_SAMPLES = 2;

/** dB by which rounding may be coarser where less is cut off: the samples are few, and pictures go further than they do. */
const NEAR = 3;

/** dB between both results below which nothing is given away. */
const CLOSE = 45;

export interface SearchWork {
  candidates: Candidates;
  layers: readonly Layer[];
  samples: readonly Sample[];
  /** Of the network in float on `samples`, in dB. */
  reference: number;
  onTrial(done: number, total: number): void;
}

/** Looks for the way to quantise a network that leaves the least in float and loses no more than is allowed. */
export class Search {
  readonly #work: SearchWork;
  #done = 0;
  #total = RANGE_METHODS.length;
  #method: Promise<RangeMethod> | undefined;
  #ranking: Promise<string[]> | undefined;
  /** What has been tried, and how good it is. */
  readonly #tried = new Map<string, Promise<Quality>>();

  constructor(work: SearchWork) {
    this.#work = work;
  }

  /** The candidate for a loss of at most `most` dB; the one that loses least where there is none. */
  async find(most: number): Promise<Candidate> {
    this.#method ??= this.#bestMethod();
    const method = await this.#method;
    const whole: Candidate = { method, between: true, floatLayers: new Set() };
    if ((await this.#loss(whole)) <= most) return whole;
    const sums = { ...whole, between: false };
    if ((await this.#loss(sums)) <= most) return sums;
    this.#ranking ??= this.#sensitivities(method);
    const ranking = await this.#ranking;
    const leaving = (count: number): Candidate => ({
      ...sums,
      floatLayers: new Set(ranking.slice(0, count)),
    });
    const largest = Math.floor(ranking.length / 2);
    let [low, high] = [0, 1];
    while (high < largest && (await this.#loss(leaving(high))) > most) [low, high] = [high, 2 * high];
    high = Math.min(high, largest);
    // More float layers lose less, but for chance.
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((await this.#loss(leaving(middle))) > most) low = middle;
      else high = middle;
    }
    return leaving(high);
  }

  /**
   * The way to choose ranges that keeps most values of those that come about as near to the network in float as the nearest,
   * with everything in eight bits. Near to it is told apart more surely than good: chance may make a result better.
   */
  async #bestMethod(): Promise<RangeMethod> {
    const found: { method: RangeMethod; toReference: number }[] = [];
    for (const method of RANGE_METHODS) {
      const { toReference } = await this.#quality({ method, between: true, floatLayers: new Set() });
      found.push({ method, toReference });
    }
    const nearest = Math.max(...found.map(({ toReference }) => toReference));
    const enough = Math.max(nearest - NEAR, Math.min(nearest, CLOSE));
    const [widest] = found.filter(({ toReference }) => toReference >= enough);
    return (widest as (typeof found)[0]).method;
  }

  /** The names of the layers, the one that costs most in eight bits first, each tried with all others in float. */
  async #sensitivities(method: RangeMethod): Promise<string[]> {
    const { candidates, layers, samples } = this.#work;
    const names = layers.map(({ name }) => name);
    const tried = names.length > MANY ? samples.slice(0, FEW_SAMPLES) : samples;
    this.#total += names.length;
    const found: { name: string; quality: number }[] = [];
    for (const name of names) {
      const floatLayers = new Set(names.filter((other) => other !== name));
      const model = candidates.make({ method, between: false, floatLayers });
      const { toReference } = await candidates.measure(tried, model);
      found.push({ name, quality: toReference });
      this.#tick();
    }
    return found.sort((a, b) => a.quality - b.quality).map(({ name }) => name);
  }

  /** dB that `candidate` loses against the network in float. */
  async #loss(candidate: Candidate): Promise<number> {
    return this.#work.reference - (await this.#quality(candidate)).toTruth;
  }

  #quality(candidate: Candidate): Promise<Quality> {
    const key = JSON.stringify([candidate.method, candidate.between, [...candidate.floatLayers]]);
    let quality = this.#tried.get(key);
    if (!quality) {
      const { candidates, samples } = this.#work;
      quality = candidates.measure(samples, candidates.make(candidate)).finally(() => this.#tick());
      this.#tried.set(key, quality);
    }
    return quality;
  }

  #tick(): void {
    this.#done += 1;
    this.#total = Math.max(this.#total, this.#done);
    this.#work.onTrial(this.#done, this.#total);
  }
}
