import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import { bitsOf, doingOf, groupModels, licenceOf } from '../../../src/renderer/models/model-facts.ts';
import { startWords } from '../../../src/renderer/words/index.ts';
import { madeUpModel } from './made-up-model.ts';

beforeAll(() => startWords('en'));

it('groups models by what they do, the smallest scale first, and leaves out what recipes have no use for', () => {
  const models = [
    madeUpModel({ id: 'four', scale: 4 }),
    madeUpModel({ id: 'clean', task: 'restore', scale: 1 }),
    madeUpModel({ id: 'two', scale: 2 }),
    madeUpModel({ id: 'faces', task: 'face-restore', scale: 1 }),
    madeUpModel({ id: 'other-four', scale: 4 }),
    madeUpModel({ id: 'larger', task: 'restore', scale: 2 }),
    // Whatever it calls itself.
    madeUpModel({ id: 'same', scale: 1 }),
  ];
  const groups = groupModels(models).map(({ kind, scale, models: members }) => [
    ...[kind, scale],
    ...members.map(({ id }) => id),
  ]);
  expect(groups).toEqual([
    ['upscale', 2, 'two'],
    ['upscale', 4, 'four', 'other-four'],
    ['restore', 1, 'clean', 'larger', 'same'],
  ]);
  expect(groupModels([])).toEqual([]);
});

it.each([
  ['upscale', 4, 'Enlarges ×4'],
  ['upscale', 1, 'Restores, same size'],
  ['restore', 1, 'Restores, same size'],
  ['restore', 2, 'Restores and enlarges ×2'],
  ['face-restore', 1, 'Restores faces; not used yet'],
  ['face-detect', 1, 'Finds faces; not used yet'],
] as const)('says what a model of task %s and scale %i does', (task, scale, words) => {
  expect(doingOf({ task, scale }, i18next.t)).toBe(words);
});

it('names licences and arithmetics', () => {
  expect(licenceOf({ licence: ' MIT ' }, i18next.t)).toBe('Licence: MIT');
  expect(licenceOf({ licence: 'unknown' }, i18next.t)).toBe('Licence: unknown');
  expect(licenceOf({ licence: '' }, i18next.t)).toBe('Licence: unknown');
  const variants = (['fp32', 'fp16', 'int8'] as const).map((id) => ({ id, bytes: 1 }));
  expect(bitsOf({ variants }, i18next.t)).toBe('32, 16, 8 bits');
});
