import { expect, it } from 'vitest';
import { modelOf } from '../../../src/main/router/model-answer.ts';
import { modelSchema } from '../../../src/shared/contract/shell.ts';
import { manifestSchema } from '../../../src/shared/models.ts';

const STRENGTH = { input: 's', dims: [], from: 0, to: 75, default: 0.25 };

/** The answer for a made-up model whose entries take `dtypes`, floats of the range 0..2. */
function answerFor(dtypes: readonly ('uint8' | 'float32')[], more: object = {}) {
  const entries = dtypes.map((dtype) => ({
    ...{ dtype, range: dtype === 'uint8' ? [0, 255] : [0, 2], file: `${dtype}.onnx` },
    ...{ sha256: 'a'.repeat(64), bytes: 1 },
  }));
  const manifest = manifestSchema.parse({
    ...{ formatVersion: 1, id: 'a', title: 'A', description: '', task: 'upscale', scale: 2 },
    ...{ receptiveRadius: 4, padding: 'same', licence: 'MIT', source: 'here', layout: 'NCHW' },
    ...{ channelOrder: 'BGR', tile: { cpu: [64, 64] }, parameters: 1 },
    variants: [{ id: 'fp32', entries }],
    ...more,
  });
  return modelSchema.parse(modelOf({ manifest, folder: '/models/a', origin: 'added' }, { get: () => 1 }));
}

it('says in which order and range a network takes its values, where it takes floats', () => {
  expect(answerFor(['uint8', 'float32'])).toMatchObject({ channelOrder: 'BGR', range: [0, 2] });
  expect(answerFor(['uint8'])).not.toHaveProperty('range');
});

it('says the strength where one can be chosen, and none where the number is always the same', () => {
  expect(answerFor(['float32'], { strength: STRENGTH })).toMatchObject({ strength: 0.25 });
  expect(answerFor(['float32'], { strength: { ...STRENGTH, from: 75 } })).not.toHaveProperty('strength');
});
