import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createResult } from '../../../src/engine/codec/result-frame.ts';
import { expectRoom } from '../../../src/engine/codec/scratch-room.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const PETABYTE = 1e15;

it('room that is there is no matter', async () => {
  await expect(
    expectRoom(join(await temporaryFolder(), 'frame.v'), 1e6, 'photo.jpg'),
  ).resolves.toBeUndefined();
});

it('room that is not there is said before anything is written, with the picture and the place', async () => {
  const folder = await temporaryFolder();
  const refusal = {
    code: 'disk-full',
    file: 'photo.jpg',
    message: expect.stringContaining(`photo.jpg: needs 1000000000 MB for scratch files in ${folder}`),
  };
  await expect(expectRoom(join(folder, 'frame.v'), PETABYTE, 'photo.jpg')).rejects.toMatchObject(refusal);
  const size = { width: 1e7, height: 1e8, bands: 1, deep: false };
  const result = join(folder, 'result.tif');
  await expect(createResult({ source: 'photo.jpg', result, size })).rejects.toMatchObject(refusal);
  expect(await readdir(folder)).toEqual([]);
});
