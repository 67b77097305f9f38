import {
  FLOAT,
  int64s,
  intsAttribute,
  model,
  node,
  PICTURE,
  tensor,
  tensorAttribute,
  valueInfo,
} from '../../support/onnx.ts';

/** Pixels from which the network wants more memory than there is anywhere. */
const TOO_MANY = 2048;

/** Gives the picture back, and for `TOO_MANY` pixels asks for an exbibyte, and for none below. */
export function greedyNetwork(): Buffer {
  const scalar = (name: string, value: bigint) => int64s(name, [value]);
  const one = Buffer.from(Float32Array.of(0).buffer);
  const zero = tensor('value', FLOAT, [1], { raw: one });
  return model({
    nodes: [
      node('Shape', { inputs: ['image'], outputs: ['shape'] }),
      node('ReduceProd', {
        inputs: ['shape'],
        outputs: ['samples'],
        attributes: [intsAttribute('axes', [0])],
      }),
      node('Div', { inputs: ['samples', 'many'], outputs: ['times'] }),
      node('Mul', { inputs: ['times', 'exbibyte'], outputs: ['length'] }),
      node('ConstantOfShape', {
        inputs: ['length'],
        outputs: ['waste'],
        attributes: [tensorAttribute('value', zero)],
      }),
      node('Size', { inputs: ['waste'], outputs: ['size'] }),
      node('Cast', { inputs: ['size'], outputs: ['nothing'], attributes: [castTo(FLOAT)] }),
      node('Add', { inputs: ['image', 'nothing'], outputs: ['result'] }),
    ],
    initialisers: [scalar('many', BigInt(3 * TOO_MANY)), scalar('exbibyte', 2n ** 58n)],
    inputs: [valueInfo('image', FLOAT, PICTURE)],
    outputs: [valueInfo('result', FLOAT, PICTURE)],
  });
}

function castTo(type: number): Buffer {
  return Buffer.concat([Buffer.from([10, 2]), Buffer.from('to'), Buffer.from([24, type, 160, 1, 2])]);
}
