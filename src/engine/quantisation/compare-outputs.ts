import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';
import { openSession } from './session.ts';

export interface OutputDifference {
  /** dB: the span of the first model's results against the square of what differs; 99 if nothing does. */
  psnr: number;
  /** The largest difference, in spans. */
  worst: number;
}

/** Sides of inputs that have none of their own; the second for networks that look far around. */
const SIDES = [64, 256];

const EQUAL = 99;

/**
 * Runs two models with the same inputs on the processor, and compares their first outputs. Inputs are noise over a slope,
 * in 0..255 of uint8 and 0..1 of floats. Throws `model-invalid`, naming `file`, where one cannot be run.
 */
export async function compareOutputs(
  reference: Uint8Array,
  candidate: Uint8Array,
  file: string,
): Promise<OutputDifference> {
  await using first = await openSession(reference, file, { threads: 1 });
  await using second = await openSession(candidate, file, { threads: 1 });
  let reason: unknown;
  for (const side of SIDES) {
    try {
      const inputs = inputsFor(first, side);
      return differenceOf(await firstOutput(first, inputs), await firstOutput(second, inputs));
    } catch (error) {
      reason = error;
    }
  }
  const words = reason instanceof Error ? reason.message : String(reason);
  throw new EnlargerError('model-invalid', `${file}: ONNX Runtime cannot run this model: ${words}`, {
    file,
    cause: reason,
  });
}

function inputsFor(session: InferenceSession, side: number): Record<string, Tensor> {
  const inputs: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor) throw new TypeError(`Its input ${input.name} is no tensor.`);
    const dims = input.shape.map((length, index) =>
      typeof length === 'number' ? length : index === 0 ? 1 : side,
    );
    inputs[input.name] = tensorOf(input.type, dims);
  }
  return inputs;
}

function tensorOf(type: Tensor.Type, dims: readonly number[]): Tensor {
  const length = dims.reduce((product, side) => product * side, 1);
  const values = Array.from({ length }, (_, index) => (0.5 * index) / length + 0.5 * noise(index));
  if (type === 'uint8')
    return new Tensor(
      type,
      Uint8Array.from(values, (value) => Math.round(255 * value)),
      dims,
    );
  if (type === 'float32') return new Tensor(type, Float32Array.from(values), dims);
  if (type === 'float64') return new Tensor(type, Float64Array.from(values), dims);
  throw new TypeError(`Its input has the type ${type}.`);
}

/** The same for the same index, in 0..1. Source: Knuth's multiplicative hash. */
const noise = (index: number) => (Math.imul(index + 1, 2_654_435_761) >>> 0) / 2 ** 32;

async function firstOutput(
  session: InferenceSession,
  inputs: Record<string, Tensor>,
): Promise<Float32Array | Float64Array | Uint8Array> {
  const outputs = await session.run(inputs);
  const { data } = outputs[session.outputNames[0] as string] as Tensor;
  if (data instanceof Float32Array || data instanceof Float64Array || data instanceof Uint8Array) return data;
  throw new TypeError('Its output is not of uint8 or float.');
}

type Values = Float32Array | Float64Array | Uint8Array;

function differenceOf(reference: Values, candidate: Values): OutputDifference {
  if (reference.length !== candidate.length) throw new RangeError('The results have different sizes.');
  let [lowest, highest, squares, worst] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let index = 0; index < reference.length; index++) {
    const value = reference[index] as number;
    const difference = Math.abs(value - (candidate[index] as number));
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
    worst = Math.max(worst, difference);
    squares += difference ** 2;
  }
  const span = highest - lowest || 1;
  const psnr = squares === 0 ? EQUAL : 10 * Math.log10(span ** 2 / (squares / reference.length));
  return { psnr: Math.min(EQUAL, psnr), worst: worst / span };
}
