import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { frameLayout } from '../../../src/engine/codec/frame-layout.ts';
import { load } from '../../../src/engine/codec/load.ts';
import { HEADER_BYTES } from '../../../src/engine/codec/vips-frame.ts';
import { photo, temporaryFolder, writePicture } from '../../support/pictures.ts';

async function decoded(folder: string) {
  const source = await writePicture(join(folder, 'photo.png'), { profile: 'p3' });
  const frame = await decode({ source, scratch: join(folder, 'frame') });
  const layout = frameLayout(frame, 2);
  return { frame, layout, buffer: new SharedArrayBuffer(layout.byteLength) };
}

it('the carrier is one black pixel with all the metadata of the frame', async () => {
  const folder = await temporaryFolder();
  const { frame } = await decoded(folder);
  const { width, height, channels, icc } = await sharp(frame.carrier).metadata();
  expect({ width, height, channels }).toEqual({ width: 1, height: 1, channels: 3 });
  expect(icc).toEqual((await sharp(join(folder, 'photo.png')).metadata()).icc);
  const [pixels, carrier] = [await readFile(frame.pixels), await readFile(frame.carrier)];
  expect([...carrier.subarray(HEADER_BYTES, HEADER_BYTES + 3)]).toEqual([0, 0, 0]);
  expect(carrier.subarray(HEADER_BYTES + 3)).toEqual(pixels.subarray(HEADER_BYTES + photo().data.length));
});

it.each([
  ['no scratch frame at all', Buffer.from('a few bytes'), 'internal', /has no header/],
  ['another kind of file', Buffer.alloc(200, 7), 'internal', /has no header/],
])('%s is refused', async (_, bytes, code, words) => {
  const folder = await temporaryFolder();
  const { frame, layout, buffer } = await decoded(folder);
  await writeFile(frame.pixels, bytes);
  const loading = load({ pixels: frame.pixels, buffer, layout, transparent: false });
  await expect(loading).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
});

it('a frame that ends early is refused', async () => {
  const folder = await temporaryFolder();
  const { frame, layout, buffer } = await decoded(folder);
  const bytes = await readFile(frame.pixels);
  await writeFile(frame.pixels, bytes.subarray(0, HEADER_BYTES + 100));
  await expect(load({ pixels: frame.pixels, buffer, layout, transparent: false })).rejects.toMatchObject({
    code: 'internal',
    message: 'The scratch frame ended early.',
  });
});

it('samples of other depths are refused', async () => {
  const folder = await temporaryFolder();
  const { frame, layout, buffer } = await decoded(folder);
  const bytes = await readFile(frame.pixels);
  const FLOAT = 6;
  bytes.writeInt32LE(FLOAT, 20);
  await writeFile(frame.pixels, bytes);
  await expect(load({ pixels: frame.pixels, buffer, layout, transparent: false })).rejects.toMatchObject({
    code: 'unsupported-format',
    message: 'Only pictures of 8 or 16 bits a sample can be enlarged.',
  });
});
