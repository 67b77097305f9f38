import { FLOAT, intsAttribute, model, node, PICTURE, tensor, valueInfo } from '../../support/onnx.ts';

/**
 * Small enough for drivers that compute on the processor, such as the one that comes with Chromium:
 * VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json.
 */
export function smallNetwork(): Buffer {
  const values = Float32Array.from({ length: 3 * 3 * 3 * 3 }, (_, index) => 0.3 * Math.sin(index));
  return model({
    nodes: [
      node('Transpose', {
        inputs: ['image'],
        outputs: ['a'],
        attributes: [intsAttribute('perm', [0, 3, 1, 2])],
      }),
      node('Conv', { inputs: ['a', 'weights'], outputs: ['b'] }),
      node('Relu', { inputs: ['b'], outputs: ['c'] }),
      node('Transpose', {
        inputs: ['c'],
        outputs: ['result'],
        attributes: [intsAttribute('perm', [0, 2, 3, 1])],
      }),
    ],
    initialisers: [tensor('weights', FLOAT, [3, 3, 3, 3], { raw: Buffer.from(values.buffer) })],
    inputs: [valueInfo('image', FLOAT, PICTURE)],
    outputs: [valueInfo('result', FLOAT, PICTURE)],
  });
}
