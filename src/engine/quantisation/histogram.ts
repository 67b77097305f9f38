import type { Range } from './steps.ts';

const BINS = 2048;

/** How often values occurred between the two ends of `range`; those beyond count as the ends. */
export class ValueHistogram {
  readonly range: Range;
  readonly counts = new Float64Array(BINS);

  constructor(range: Range) {
    this.range = range;
  }

  add(values: Float32Array): void {
    const [lowest, highest] = this.range;
    const factor = highest > lowest ? BINS / (highest - lowest) : 0;
    const { counts } = this;
    // Written out: this runs for every value of every activation.
    for (let index = 0; index < values.length; index++) {
      const bin = Math.floor(((values[index] as number) - lowest) * factor);
      const within = bin < 0 ? 0 : bin < BINS ? bin : BINS - 1;
      counts[within] = (counts[within] as number) + 1;
    }
  }

  /** The middle of a bin. */
  valueAt(bin: number): number {
    const [lowest, highest] = this.range;
    return lowest + ((bin + 0.5) * (highest - lowest)) / BINS;
  }
}
