import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import type { ErrorCode } from '../../../src/shared/errors.ts';
import { cutShort, temporaryFolder, writePicture } from '../../support/pictures.ts';
import { writeTiff } from '../../support/tiff.ts';

/** Asserts that `source` is refused with `code` in words that name it, and that nothing is left behind. */
async function expectRefused(folder: string, source: string, code: ErrorCode, words: RegExp): Promise<void> {
  const before = await readdir(folder);
  const refused = decode({ source, scratch: join(folder, 'frame') });
  await expect(refused).rejects.toMatchObject({
    name: 'EnlargerError',
    code,
    file: source,
    message: expect.stringMatching(words),
  });
  await expect(refused).rejects.toThrow(source);
  expect(await readdir(folder)).toEqual(before);
}

const NOT_A_PICTURE =
  /not a picture Enlarger can read\. Enlarger reads JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF and BMP\.$/;
const DAMAGED = /cannot be read \(.*\p{L}{3}.*\)\. The file is damaged or cut short; /u;

describe('files that are no pictures', () => {
  it.each([
    ['note.jpg', 'Dear diary, '.repeat(50)],
    ['empty.jpg', ''],
  ])('%s', async (name, content) => {
    const folder = await temporaryFolder();
    const source = join(folder, name);
    await writeFile(source, content);
    await expectRefused(folder, source, 'unsupported-format', NOT_A_PICTURE);
    await expect(probe(source)).rejects.toMatchObject({ code: 'unsupported-format', file: source });
  });

  it('a folder', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'folder.jpg'));
    await expectRefused(folder, join(folder, 'folder.jpg'), 'unsupported-format', NOT_A_PICTURE);
  });

  it("libvips' own format, which is for scratch files alone", async () => {
    const folder = await temporaryFolder();
    const scratch = join(folder, 'picture.v');
    await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).toFile(scratch);
    const source = join(folder, 'picture.jpg');
    await copyFile(scratch, source);
    await expectRefused(folder, source, 'unsupported-format', /vips pictures cannot be read yet/);
  });
});

it.each(['gone.jpg', 'no-such-folder/gone.jpg'])('a file that is not there: %s', async (name) => {
  const folder = await temporaryFolder();
  const source = join(folder, name);
  await expectRefused(folder, source, 'not-found', /there is no such file any more/);
  await expect(probe(source)).rejects.toMatchObject({ code: 'not-found', file: source });
});

describe('damaged pictures', () => {
  it.each([
    'photo.jpg',
    'photo.png',
    'photo.webp',
    'photo.avif',
    'photo.gif',
    // A name is no reason: libvips says "missing" of files that are not there.
    'the missing cat.jpg',
  ])('cut in half: %s', async (name) => {
    const folder = await temporaryFolder();
    const source = await cutShort(await writePicture(join(folder, name)));
    await expectRefused(folder, source, 'decode-failed', DAMAGED);
  });

  it('almost whole: the last row counts', async () => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'photo.jpg'), { width: 400, height: 300 });
    await expectRefused(folder, await cutShort(source, 0.98), 'decode-failed', DAMAGED);
  });

  const tiff = { 256: 7, 257: 5, 258: 8, 259: 1, 262: 2, 277: 3, 278: 5, 279: 105 };

  it('a TIFF without one of its fields is damaged, not away', async () => {
    const folder = await temporaryFolder();
    const { 262: _, ...fields } = tiff;
    const source = await writeTiff(join(folder, 'scan.tif'), fields, new Uint8Array(105));
    await expectRefused(folder, source, 'decode-failed', /required field 262 missing/);
  });

  it('a TIFF without the end of its pixels', async () => {
    const folder = await temporaryFolder();
    const source = await writeTiff(join(folder, 'scan.tif'), tiff, new Uint8Array(50));
    await expectRefused(folder, source, 'decode-failed', DAMAGED);
  });

  it('more channels than colour and transparency', async () => {
    const folder = await temporaryFolder();
    const five = { ...tiff, 277: 5, 279: 175 };
    const source = await writeTiff(join(folder, 'satellite.tif'), five, new Uint8Array(175));
    await expectRefused(folder, source, 'unsupported-format', /5 channels; at most 4 can be read/);
  });
});

it('a picture of more pixels than can be opened', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'bomb.png'));
  const png = await readFile(source);
  // Width and height are the first fields of the first chunk; its checksum follows its 13 bytes.
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  await writeFile(source, png);
  const words = /too large\. Pictures of up to 1000 megapixels can be opened\./;
  await expectRefused(folder, source, 'too-large', words);
});

it.skipIf(process.platform !== 'linux')('a full disk is not the fault of the picture', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'photo.png'), { width: 300, height: 300 });
  for (const scratch of ['frame.v', 'frame.carrier.v']) {
    await symlink('/dev/full', join(folder, scratch));
    const decoding = decode({ source, scratch: join(folder, 'frame') });
    await expect(decoding).rejects.toMatchObject({
      code: 'disk-full',
      message: `${source}: cannot be decoded. The disk for scratch files is full. Make room and run again.`,
    });
    expect(await readdir(folder)).toEqual(['photo.png']);
  }
});
