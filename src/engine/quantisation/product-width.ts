import { Tensor } from 'onnxruntime-node';
import { newModel, newNode, newTensor, writeModel } from './onnx-model.ts';
import { openSession, runSession } from './session.ts';
import type { WeightBits } from './steps.ts';

/** As many channels as the kernels for whole numbers take at a time, and a few pixels. */
const CHANNELS = 64;
const SIDE = 4;
const [ACTIVATION, WEIGHT] = [255, 127];

/** What the whole sum is to come out as. */
const EXPECTED = 200;

/**
 * The weights that this processor multiplies rightly: some add two products of eight bits in sixteen, and cut off what
 * does not fit. Only trying tells: a convolution whose products are all as large as they can be.
 */
export async function safeWeightBits(): Promise<WeightBits> {
  const scale = (CHANNELS * ACTIVATION * WEIGHT) / EXPECTED;
  const constants = [
    newTensor('one', Float32Array.of(1)),
    newTensor('zero', Uint8Array.of(0)),
    newTensor('step', Float32Array.of(scale)),
    newTensor('weight', new Int8Array(CHANNELS * CHANNELS).fill(WEIGHT), [CHANNELS, CHANNELS, 1, 1]),
  ];
  const nodes = [
    newNode('DequantizeLinear', ['image', 'one', 'zero'], ['values']),
    newNode('DequantizeLinear', ['weight', 'one'], ['weights']),
    newNode('Conv', ['values', 'weights'], ['sums']),
    newNode('QuantizeLinear', ['sums', 'step', 'zero'], ['result']),
  ];
  const model = newModel({ nodes, constants, input: 'image', output: 'result' }, 13);
  await using session = await openSession(writeModel(model), 'self-test', { threads: 1 });
  const image = new Uint8Array(CHANNELS * SIDE * SIDE).fill(ACTIVATION);
  const { result } = await runSession(
    session,
    { image: new Tensor('uint8', image, [1, CHANNELS, SIDE, SIDE]) },
    'self-test',
  );
  const sums = result?.data;
  const right = sums instanceof Uint8Array && sums.every((value) => value === EXPECTED);
  return right ? 8 : 7;
}
