import { chooseRanges, type RangeMethod } from './choose-range.ts';
import type { ValueHistogram } from './histogram.ts';
import type { Layer } from './layers.ts';
import { QualityMeter } from './measure.ts';
import type { Network } from './network.ts';
import { writeModel } from './onnx-model.ts';
import { enlarge, inputRange, type PictureShape, type Raster } from './picture-network.ts';
import { type Choice, planQuantisation } from './quantisation-plan.ts';
import { quantisedModel } from './quantised-model.ts';
import type { Sample } from './samples.ts';
import { openSession } from './session.ts';
import type { WeightBits } from './steps.ts';

/** One way to quantise a network. */
export interface Candidate extends Choice {
  method: RangeMethod;
}

/** How good the results of a network are. */
export interface Quality {
  /** dB of its results to what they should be, the mean of all samples. */
  toTruth: number;
  /** dB of its results to those of the network in float, all samples together. */
  toReference: number;
}

interface Parts {
  network: Network;
  layers: readonly Layer[];
  histograms: ReadonlyMap<string, ValueHistogram>;
  shape: PictureShape;
  file: string;
  weightBits: WeightBits;
  threads: number;
}

/** Makes quantised forms of one network and measures them. */
export class Candidates {
  readonly #parts: Parts;
  readonly #references = new Map<Sample, Raster>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The ONNX file of `candidate`. */
  make(candidate: Candidate): Uint8Array {
    const { network, layers, histograms, weightBits, shape } = this.#parts;
    const ranges = chooseRanges(network, histograms, candidate.method);
    for (const name of network.inputs) if (ranges.has(name)) ranges.set(name, inputRange(name, shape));
    const plan = planQuantisation(network, layers, candidate);
    return writeModel(quantisedModel(network, plan, { ranges, weightBits }));
  }

  /** Enlarges the samples with the network in float, which others are compared with from then on; its own quality. */
  async addReference(samples: readonly Sample[], model: Uint8Array): Promise<number> {
    const meter = new QualityMeter();
    await this.#enlarged(samples, model, (sample, result) => {
      this.#references.set(sample, result);
      meter.add(result, sample.truth, this.#parts.shape.scale);
    });
    return meter.mean;
  }

  /** The quality of `model` on samples of which there is a reference. */
  async measure(samples: readonly Sample[], model: Uint8Array): Promise<Quality> {
    const [toTruth, toReference] = [new QualityMeter(), new QualityMeter()];
    const { scale } = this.#parts.shape;
    await this.#enlarged(samples, model, (sample, result) => {
      toTruth.add(result, sample.truth, scale);
      toReference.add(result, this.#references.get(sample) ?? result, scale);
    });
    return { toTruth: toTruth.mean, toReference: toReference.overall };
  }

  async #enlarged(
    samples: readonly Sample[],
    model: Uint8Array,
    take: (sample: Sample, result: Raster) => void,
  ): Promise<void> {
    const { shape, file, threads } = this.#parts;
    await using session = await openSession(model, file, { threads });
    for (const sample of samples) take(sample, await enlarge(session, sample.low, shape));
  }
}
