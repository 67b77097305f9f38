import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MeasuredSpeeds } from '../../../src/main/models/measured-speed.ts';
import { temporaryFolder } from '../../support/pictures.ts';

it('speeds are kept, by model and variant, the last of each', async () => {
  const state = await temporaryFolder();
  const speeds = await MeasuredSpeeds.open(state);
  expect([speeds.get('a'), speeds.get('constructor'), speeds.get('a', 'int8')]).toEqual([null, null, null]);
  await Promise.all([
    speeds.note('a', 'fp32', { pixels: 9e6, tiles: 9, seconds: 2 }),
    speeds.note('a', 'fp32', { pixels: 3e6, tiles: 9, seconds: 2 }),
    speeds.note('constructor', 'int8', { pixels: 1e6, tiles: 9, seconds: 2 }),
  ]);
  for (const one of [speeds, await MeasuredSpeeds.open(state)]) {
    expect([one.get('a', 'fp32'), one.get('a', 'int8'), one.get('a'), one.get('constructor')]).toEqual([
      1.5,
      null,
      1.5,
      0.5,
    ]);
  }
  expect(await readdir(state)).toEqual(['speeds.json']);
});

it('of a model stands that of the variant that was used last', async () => {
  const state = await temporaryFolder();
  const measured = (megapixelsPerSecond: number, measuredAt: number) => ({ megapixelsPerSecond, measuredAt });
  const file = { a: { fp32: measured(2, 2_000), int8: measured(3, 1_000) } };
  await writeFile(join(state, 'speeds.json'), JSON.stringify(file));
  const speeds = await MeasuredSpeeds.open(state);
  expect(speeds.get('a')).toBe(2);
  await speeds.note('a', 'int8', { pixels: 4e6, tiles: 3, seconds: 1 });
  expect([speeds.get('a'), speeds.get('a', 'fp32')]).toEqual([4, 2]);
});

it('what is too little to say anything is not taken in', async () => {
  const state = await temporaryFolder();
  const speeds = await MeasuredSpeeds.open(state);
  const enough = { pixels: 1e6, tiles: 3, seconds: 1 };
  for (const less of [{ pixels: 0 }, { tiles: 2 }, { seconds: 0.9 }]) {
    await speeds.note('a', 'fp32', { ...enough, ...less });
  }
  expect([speeds.get('a'), await readdir(state)]).toEqual([null, []]);
});

it.each([
  ['no JSON', '{ "a": '],
  ['other figures', '{ "a": { "fp32": { "megapixelsPerSecond": -1, "measuredAt": 0 } } }'],
  ['another shape', '[1]'],
])('a file with %s is set aside', async (_, text) => {
  const state = await temporaryFolder();
  await writeFile(join(state, 'speeds.json'), text);
  const speeds = await MeasuredSpeeds.open(state);
  expect([speeds.get('a'), await readdir(state)]).toEqual([null, ['speeds.json.broken']]);
  expect(await readFile(join(state, 'speeds.json.broken'), 'utf8')).toBe(text);
  await speeds.note('a', 'fp32', { pixels: 1e6, tiles: 3, seconds: 1 });
  expect((await MeasuredSpeeds.open(state)).get('a')).toBe(1);
});
