import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/engine/codec/decode.ts';
import { decodeError, decodeSeconds, openPicture } from '../../../src/engine/codec/libvips.ts';
import { probe } from '../../../src/engine/codec/probe.ts';
import { photo, temporaryFolder, writePicture } from '../../support/pictures.ts';
import { writeTiff } from '../../support/tiff.ts';

/** What becomes of a file with these bytes: its size, or `code: message` without its name. */
async function endOf(name: string, bytes: Buffer): Promise<string> {
  const folder = await temporaryFolder();
  const source = join(folder, name);
  await writeFile(source, bytes);
  const decoded = decode({ source, scratch: join(folder, 'frame') });
  const end = await decoded.then(
    ({ width, height }) => `${width}×${height}`,
    ({ code, message }) => `${code}${String(message).replace(source, '')}`,
  );
  if (!/^\d/.test(end)) expect(await readdir(folder)).toEqual([name]);
  return end;
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([around.subarray(0, 4), typed, around.subarray(4)]);
}

/** A gray PNG of 4×4 pixels, or one that says so of itself, with `chunks` before its pixels. */
function png(chunks: Buffer[], { side = 4, interlaced = false } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, interlaced ? 1 : 0], 8);
  const pixels = chunk('IDAT', deflateSync(Buffer.alloc(20)));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...chunks, pixels, chunk('IEND', Buffer.alloc(0))]);
}

describe('texts that unpack to far more than they are', () => {
  const packed = deflateSync(Buffer.alloc(7_900_000), { level: 9 });
  const text = (type: string, head: string) =>
    chunk(type, Buffer.concat([Buffer.from(head, 'latin1'), packed]));

  it.each([
    ['zTXt', text('zTXt', 'Comment\0\0')],
    ['iTXt', text('iTXt', 'XML:com.adobe.xmp\0\u0001\0\0\0')],
  ])('%s, many of them, are refused before they are unpacked', async (_type, bomb) => {
    const end = await endOf('photo.png', png(Array.from({ length: 40 }, () => bomb)));
    expect(end).toMatch(/^too-large: its texts may take more than 128 MB once unpacked.*save it anew\.$/);
  });

  it.each([
    ['one text', [text('zTXt', 'Comment\0\0')]],
    ['one profile', [text('iCCP', 'x\0\0')]],
    ['hundreds of short texts', Array.from({ length: 500 }, () => chunk('tEXt', Buffer.from('k\0v')))],
  ])('%s harms nobody', async (_what, chunks) => {
    expect(await endOf('photo.png', png(chunks))).toBe('4×4');
  });
});

describe('pictures that their decoders hold as a whole', () => {
  const HELD = /^too-large: too large\. .*pictures of up to 268 megapixels can be opened\. Save it as TIFF/;

  it('an interlaced PNG', async () => {
    expect(await endOf('photo.png', png([], { side: 20_000, interlaced: true }))).toMatch(HELD);
    expect(await endOf('photo.png', png([], { side: 20_000 }))).toMatch(/^decode-failed/);
  });

  it('a GIF, and what it is put on', async () => {
    const gif = Buffer.alloc(13 + 6 + 10);
    gif.write('GIF89a', 'latin1');
    gif.writeUInt16LE(30_000, 6);
    gif.writeUInt16LE(30_000, 8);
    gif[10] = 0x80;
    gif[19] = 0x2c;
    gif.writeUInt16LE(30_000, 24);
    gif.writeUInt16LE(30_000, 26);
    const end = await endOf('photo.gif', Buffer.concat([gif, Buffer.from([2, 2, 0x4c, 1, 0, 0x3b])]));
    expect(end).toMatch(HELD);
  });

  it('a progressive JPEG', async () => {
    const { data, width, height } = photo({ bands: 1 });
    const raw = { width, height, channels: 1 as const };
    const jpeg = await sharp(data, { raw }).jpeg({ progressive: true }).toBuffer();
    const frame = jpeg.indexOf(Buffer.from('ffc2', 'hex'));
    jpeg.writeUInt16BE(30_000, frame + 5);
    jpeg.writeUInt16BE(30_000, frame + 7);
    expect(await endOf('photo.jpg', jpeg)).toMatch(HELD);
  });
});

describe('a JPEG', () => {
  const jpeg = async (progressive: boolean) => {
    const file = await writePicture(join(await temporaryFolder(), 'photo.jpg'), { width: 64, height: 48 });
    return sharp(file).jpeg({ progressive }).toBuffer();
  };
  const SCAN = Buffer.from('ffda', 'hex');

  it('with hundreds of scans is refused before they are gone through', async () => {
    const bytes = await jpeg(true);
    const end = bytes.length - 2;
    const last = bytes.subarray(bytes.lastIndexOf(SCAN), end);
    const scans = Array.from({ length: 200 }, () => last);
    const long = Buffer.concat([bytes.subarray(0, end), ...scans, bytes.subarray(end)]);
    expect(await endOf('photo.jpg', long)).toMatch(/^too-large: it has more than 100 scans/);
  });

  it.each([true, false])(
    'is not refused for what stands beside its scans (progressive: %s)',
    async (progressive) => {
      const bytes = await jpeg(progressive);
      const text = Buffer.alloc(1000, SCAN);
      const segment = Buffer.concat([Buffer.from([0xff, 0xe5, 0x03, 0xea]), text]);
      const film = Buffer.alloc(1000, SCAN);
      const odd = Buffer.concat([bytes.subarray(0, 2), segment, bytes.subarray(2), film]);
      expect(await endOf('photo.jpg', odd)).toBe('64×48');
    },
  );

  it('that is untidy where nobody sees it is read', async () => {
    const bytes = await jpeg(false);
    const table = bytes.indexOf(Buffer.from('ffdb', 'hex'));
    const untidy = Buffer.concat([bytes.subarray(0, table), Buffer.from([1, 2]), bytes.subarray(table)]);
    expect(await endOf('photo.jpg', untidy)).toBe('64×48');
  });

  it('with rows that are not there is damaged, though it has an end', async () => {
    const bytes = await jpeg(false);
    const frame = bytes.indexOf(Buffer.from('ffc0', 'hex'));
    bytes.writeUInt16BE(4000, frame + 5);
    expect(await endOf('photo.jpg', bytes)).toMatch(
      /^decode-failed: cannot be read \(.*premature end of data/,
    );
  });
});

it('a TIFF of absurd strips is refused', async () => {
  const folder = await temporaryFolder();
  const fields = { 256: 7, 257: 60_000, 258: 8, 259: 1, 262: 2, 277: 3, 278: 65_535, 279: 65_535 };
  const tiff = await readFile(await writeTiff(join(folder, 'scan.tif'), fields, new Uint8Array(105)));
  expect(await endOf('scan.tif', tiff)).toMatch(/^decode-failed/);
  // A directory that begins where the file has ended.
  expect(await endOf('scan.tif', tiff.subarray(0, 20))).toMatch(
    /^decode-failed: cannot be read \(it ends before its directory does\)/,
  );
});

describe('time', () => {
  it('is given by the megapixel', () => {
    const sides = [1, 1000, 10_000].map((side) => decodeSeconds({ width: side, height: side }));
    expect(sides).toEqual([31, 31, 130]);
  });

  it('that runs out is told as such, with the name of the file', async () => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'photo.png'), { width: 300, height: 300 });
    const endless = openPicture(source).resize(12_000, 12_000).median(25).timeout({ seconds: 1 });
    const error = await endless.toFile(join(folder, 'frame.v')).then(
      () => new Error('It was done in time.'),
      (reason: unknown) => decodeError(reason, source),
    );
    expect(error).toMatchObject({
      code: 'deadline-exceeded',
      file: source,
      message: expect.stringMatching(`^${source}: decoding takes far longer than its size explains`),
    });
  });
});

it('the path of another file is no reason', () => {
  const error = decodeError(new Error('/photos/other.avif: bad seek to 12'), '/photos/this.png');
  expect(error.message).toMatch(/^\/photos\/this\.png: cannot be read \(bad seek to 12\)\./);
});

it('a picture is probed without its pixels, whatever they are', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'photo.png');
  await writeFile(source, png([], { side: 20_000 }));
  expect(await probe(source)).toMatchObject({ width: 20_000, height: 20_000 });
});
