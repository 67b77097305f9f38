import { expect, it } from 'vitest';
import { Expense } from '../../../src/engine/probing/expense.ts';
import { scene } from '../../../src/engine/probing/scene.ts';
import { type Feeding, Trial } from '../../../src/engine/probing/trial.ts';
import { esrgan } from '../../support/networks/real-esrgan.ts';

const FEEDING: Feeding = {
  input: 'input',
  output: 'output',
  layout: 'NCHW',
  resultLayout: 'NCHW',
  channels: 3,
  dtype: 'float32',
  range: [0, 1],
};

it('what was asked for lately is not run again, but for another range, picture or size it is', async () => {
  const expense = new Expense(new Int32Array(1));
  await using trial = await Trial.open(esrgan(), 'network.onnx', expense);
  const picture = scene({ width: 32, height: 24, channels: 3 });
  const first = await trial.run(picture, FEEDING);
  expect(first).toMatchObject({ width: 128, height: 96, channels: 3 });
  expect(await trial.run(picture, { ...FEEDING })).toBe(first);
  const again = await trial.run(picture, FEEDING, { fresh: true });
  expect(again).not.toBe(first);
  expect(again).toEqual(first);
  expect((await trial.run(picture, { ...FEEDING, range: [0, 255] }))?.data).not.toEqual(first?.data);
  const other = { ...picture, data: picture.data.map((value) => 1 - value) };
  expect((await trial.run(other, FEEDING))?.data).not.toEqual(first?.data);
  const turned = await trial.run({ ...picture, width: 24, height: 32 }, FEEDING);
  expect(turned).toMatchObject({ width: 96, height: 128 });
});
