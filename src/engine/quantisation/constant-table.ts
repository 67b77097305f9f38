import { newTensor, type OnnxTensor, type TensorValues } from './onnx-model.ts';
import type { Step } from './steps.ts';

/** The constants that a network gets while it is changed, by name; what is the same is stored once. */
export class ConstantTable {
  readonly #tensors = new Map<string, OnnxTensor>();

  get tensors(): Iterable<OnnxTensor> {
    return this.#tensors.values();
  }

  /** Stores a tensor; returns its name. Without `dims` it is a single value. */
  add(name: string, values: TensorValues, dims: readonly number[] = []): string {
    this.#tensors.set(name, newTensor(name, values, dims));
    return name;
  }

  /** The name of a list of integers. */
  integers(values: readonly number[]): string {
    return this.add(`integers ${values.join(' ')}`, BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** The names of the scale and the zero of `step`. */
  step({ scale, zero }: Step): [scale: string, zero: string] {
    return [
      this.add(`scale ${scale}`, Float32Array.of(scale)),
      this.add(`zero ${zero}`, Uint8Array.of(zero)),
    ];
  }
}
