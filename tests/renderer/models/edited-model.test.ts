import { expect, it } from 'vitest';
import { changeOf, editedOf } from '../../../src/renderer/models/edited-model.ts';
import { madeUpModel } from './made-up-model.ts';

it('changes nothing of what is as it was', () => {
  const models = [
    madeUpModel(),
    madeUpModel({ strength: 0.333 }),
    madeUpModel({ range: [0, 255], channelOrder: 'BGR' }),
    madeUpModel({ range: [0, 2] }),
  ];
  for (const model of models) {
    expect(changeOf(model, editedOf(model))).toEqual({});
  }
});

it('changes what was edited, and only that', () => {
  const model = madeUpModel({ strength: 0.5, range: [0, 1] });
  const edited = editedOf(model);
  expect(changeOf(model, { ...edited, title: ' Two ' })).toEqual({ title: 'Two' });
  expect(changeOf(model, { ...edited, licence: '  ' })).toEqual({ licence: 'unknown' });
  expect(changeOf(model, { ...edited, task: 'restore', strength: 80 })).toEqual({
    ...{ task: 'restore', strength: 0.8 },
  });
  expect(changeOf(model, { ...edited, range: 'signed', order: 'BGR', source: '' })).toEqual({
    ...{ range: [-1, 1], channelOrder: 'BGR', source: '' },
  });
});

it('shows the range that a model has, be it a common one or its own', () => {
  const rangeOf = (range?: [number, number]) => editedOf(madeUpModel(range ? { range } : {})).range;
  expect([rangeOf([-1, 1]), rangeOf([0, 1]), rangeOf([0, 2]), rangeOf()]).toEqual([
    ...['signed', 'unit', 'own', 'bytes'],
  ]);
  const odd = madeUpModel({ range: [0, 2] });
  expect(changeOf(odd, { ...editedOf(odd), range: 'bytes' })).toEqual({ range: [0, 255] });
});
