import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { examineModel } from '../../../src/engine/probing/examine-model.ts';
import { external } from '../../support/networks/divided.ts';
import { type FileParts, GraphWriter } from '../../support/networks/graph-writer.ts';
import { esrgan } from '../../support/networks/real-esrgan.ts';
import { field, message, model, node } from '../../support/onnx.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { findingsOf, refusalOf } from './examine.ts';

const FLOAT = 1;

function network(write: (net: GraphWriter) => void, parts: FileParts = {}): Buffer {
  const net = new GraphWriter();
  write(net);
  return net.file(parts);
}

describe('what is refused, and why', () => {
  it.each([
    ['a picture of two dimensions', esrgan({ dims: [3, 'n'] }), /input "input" has 2 dimensions/],
    [
      'eight pictures at once',
      esrgan({ dims: [8, 3, 'h', 'w'] }),
      /input "input" is fixed at 8 pictures at a time/,
    ],
    [
      'two pictures',
      network((net) => net.add('Add', ['input', 'other'], {}, 'output'), {
        more: [['other', FLOAT, [1, 3, 'h', 'w']]],
      }),
      /it takes 2 pictures: "input", "other"/,
    ],
    [
      'two numbers',
      network((net) => net.add('Mul', [net.add('Mul', ['input', 'a']), 'b'], {}, 'output'), {
        more: [
          ['a', FLOAT, [1]],
          ['b', FLOAT, []],
        ],
      }),
      /it takes 2 numbers beside the picture/,
    ],
    [
      'classes instead of a picture',
      network((net) => net.add('Flatten', [net.add('GlobalAveragePool', ['input'])], {}, 'output'), {
        resultDims: [1, 3],
      }),
      /output "output" has 2 dimensions/,
    ],
    [
      'a result of other channels',
      network((net) => net.conv('input', [3, 7], { output: 'output' }), { resultDims: [1, 7, 'h', 'w'] }),
      /it gives a tensor of 1 × 7 × 64 × 64, which is no picture/,
    ],
    [
      'a picture half as large',
      network((net) =>
        net.add('AveragePool', ['input'], { kernel_shape: [2, 2], strides: [2, 2] }, 'output'),
      ),
      /it gives a tensor of 1 × 3 × 32 × 32, which is no picture of a whole multiple/,
    ],
    [
      'one and a half times the size',
      network((net) =>
        net.add(
          'Resize',
          ['input', '', net.floats([1, 1, 1.5, 1.5])],
          { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
          'output',
        ),
      ),
      /it makes 96 × 96 pixels of 64 × 64, and other sizes follow no rule/,
    ],
    [
      'operators of others',
      network((net) => net.add('DeformConv2d', ['input'], {}, 'output', 'mmdeploy')),
      /it needs the operator "mmdeploy::DeformConv2d", which is not built in/,
    ],
    [
      'operators that there are not',
      network((net) => net.add('Enlarge', ['input'], {}, 'output')),
      /ONNX Runtime cannot use it: .*Enlarge/,
    ],
    [
      'texts',
      network((net) => net.add('Identity', ['input'], {}, 'output'), { type: 8, dims: [1, 3, 'h', 'w'] }),
      /holds elements of type 8/,
    ],
    [
      'values that are no numbers',
      network((net) => net.add('Log', [net.plus('input', -9)], {}, 'output')),
      /it gives values that are no numbers/,
    ],
    [
      'what is drawn by lot',
      network((net) => {
        const noise = net.add('RandomNormalLike', ['input']);
        net.add('Add', ['input', net.scaled(noise, 0.1)], {}, 'output');
      }),
      /it draws random numbers/,
    ],
    ['no model', Buffer.from('This is a text.'), /a field/],
    ['nothing', Buffer.alloc(0), /it has no graph/],
    [
      'weights in another file that did not come with it',
      model({ initialisers: [message(field(2, FLOAT), ...external('w'))] }),
      /its weights lie in "w", which did not come with it/,
    ],
  ] as const)('%s', async (_, bytes, reason) => {
    expect(await refusalOf(bytes)).toMatch(reason);
  });

  it('all reasons at once', async () => {
    const message = await refusalOf(
      network((net) => net.add('Identity', ['input'], {}, 'output'), {
        dims: [8, 3, 'h', 'w'],
        resultDims: [3],
        more: [['other', FLOAT, [1, 3, 'h']]],
      }),
    );
    expect(message).toMatch(/"input" is fixed at 8/);
    expect(message).toMatch(/"other" has 3 dimensions/);
    expect(message).toMatch(/"output" has 1 dimensions/);
  });

  it('a file that is not there', async () => {
    const asked = examineModel({
      file: '/nowhere/n.onnx',
      temporary: '/nowhere/t',
      givenUp: new Int32Array(1),
    });
    await expect(asked).rejects.toMatchObject({ code: 'not-found', file: '/nowhere/n.onnx' });
  });

  it('cut off, or damaged, anywhere: refused or understood, never anything else', async () => {
    const whole = esrgan({}, { layers: 1 });
    for (let step = 1; step < 12; step++) {
      const at = Math.floor((whole.length * step) / 12);
      expect(await refusalOf(whole.subarray(0, at))).toMatch(/\(/);
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0x41;
      await findingsOf(damaged).catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'model-invalid' }),
      );
    }
  });

  it('nobody waits any more', async () => {
    const folder = await temporaryFolder();
    await writeFile(`${folder}/n.onnx`, esrgan());
    const asked = examineModel({
      file: `${folder}/n.onnx`,
      temporary: `${folder}/t`,
      givenUp: Int32Array.of(1),
    });
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('a node without an output is refused', async () => {
  expect(await refusalOf(model({ nodes: [node('Relu', { inputs: ['image'] })] }))).toMatch(/cannot use it/);
});
