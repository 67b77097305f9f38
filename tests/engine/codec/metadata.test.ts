import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../src/engine/codec/probe.ts';
import { OUTPUT_FORMATS } from '../../../src/shared/formats.ts';
import { photo, readPicture, temporaryFolder, writePicture } from '../../support/pictures.ts';
import { largestDifference } from '../../support/pixels.ts';
import { enlargeNearest, repeated } from './nearest.ts';

const EXIF = {
  IFD0: { Artist: 'Anna Atkins', Copyright: 'Public domain' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
};
/** The seconds of that latitude as EXIF writes them. */
const SECONDS = Buffer.from([0x9e, 0x0c, 0, 0, 100, 0, 0, 0]);
const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>cyanotype</note></x:xmpmeta>';

function kept(before: Metadata, after: Metadata) {
  return {
    profile: before.icc !== undefined && after.icc?.equals(before.icc),
    xmp: after.xmp?.toString(),
    artist: after.exif?.includes('Anna Atkins') ?? false,
    place: after.exif?.includes(SECONDS) ?? false,
    density: after.density,
  };
}

describe.each(['jpg', 'png', 'webp', 'avif'])('of a .%s', (extension) => {
  it.each(OUTPUT_FORMATS)('%s keeps profile, XMP and EXIF, and is not turned again', async (format) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, `photo.${extension}`), {
      profile: 'p3',
      exif: EXIF,
      xmp: XMP,
      orientation: 6,
      density: 300,
    });
    const { file } = await enlargeNearest(folder, source, { format });
    const [before, after] = [await sharp(source).metadata(), await sharp(file).metadata()];
    // EXIF of a TIFF is no block (tests/engine/codec/metadata/tiff.test.ts); a density is in what else has a field.
    const exif = format !== 'tiff';
    const dense = ['jpeg', 'png', 'tiff'].includes(format);
    expect(kept(before, after)).toEqual({
      profile: true,
      xmp: XMP,
      artist: exif,
      place: exif,
      density: dense ? 300 : undefined,
    });
    expect([undefined, 1]).toContain(after.orientation);
    expect([after.width, after.height]).toEqual([58, 74]);
  });
});

describe('resolution', () => {
  it('of 16-bit TIFFs is kept', async () => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'scan.tif'), { deep: true, density: 600 });
    const { file, decoded } = await enlargeNearest(folder, source, { format: 'tiff' });
    expect(decoded.resolution.map((dots) => Math.round(dots * 25.4))).toEqual([600, 600]);
    expect((await sharp(file).metadata()).density).toBe(600);
  });
});

describe('IPTC', () => {
  it('of a JPEG is kept in a JPEG', async () => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'press.jpg'));
    const jpeg = await readFile(source);
    await writeFile(source, Buffer.concat([jpeg.subarray(0, 2), iptcSegment('Fern'), jpeg.subarray(2)]));
    const { iptc } = await sharp(source).metadata();
    expect(iptc?.includes('Fern')).toBe(true);
    const { file } = await enlargeNearest(folder, source, { format: 'jpeg' });
    expect((await sharp(file).metadata()).iptc).toEqual(iptc);
  });
});

describe('orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is applied and reset', async (orientation) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'photo.png'), { orientation });
    const { file } = await enlargeNearest(folder, source, { format: 'png' });
    const [width, height] = orientation >= 5 ? [29, 37] : [37, 29];
    const { width: w, height: h, data } = upright(orientation);
    const after = await readPicture(file);
    expect(largestDifference(after, repeated({ data, width: w, height: h, channels: 3 }))).toBe(0);
    expect(await probe(source)).toMatchObject({ width, height });
    expect((await sharp(file).metadata()).orientation ?? 1).toBe(1);
  });
});

it('pictures without a profile get none', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'plain.png'));
  for (const format of OUTPUT_FORMATS) {
    const { file } = await enlargeNearest(folder, source, { format });
    const { icc, xmp, iptc } = await sharp(file).metadata();
    expect({ icc, xmp, iptc }, format).toEqual({ icc: undefined, xmp: undefined, iptc: undefined });
  }
});

/** `photo()` as a camera that was held this way means it to be seen (EXIF 2.3, tag 0x0112). */
function upright(orientation: number) {
  const { data, width, height } = photo();
  const [w, h] = orientation >= 5 ? [height, width] : [width, height];
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const [right, bottom] = [width - 1, height - 1];
      const places = [
        [x, y],
        [right - x, y],
        [right - x, bottom - y],
        [x, bottom - y],
        [y, x],
        [y, bottom - x],
        [right - y, bottom - x],
        [right - y, x],
      ] as const;
      const [fromX, fromY] = places[orientation - 1] as readonly [number, number];
      for (let channel = 0; channel < 3; channel++) {
        turned[3 * (y * w + x) + channel] = data[3 * (fromY * width + fromX) + channel] as number;
      }
    }
  }
  return { data: turned, width: w, height: h };
}

/** The APP13 segment in which Photoshop keeps the title of a picture. */
function iptcSegment(title: string): Buffer {
  const text = Buffer.from(title);
  const record = Buffer.concat([Buffer.from([0x1c, 2, 5, 0, text.length]), text]);
  const padded = record.length % 2 ? Buffer.concat([record, Buffer.alloc(1)]) : record;
  const size = Buffer.alloc(4);
  size.writeUInt32BE(record.length);
  const head = Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0', 'latin1');
  const body = Buffer.concat([head, size, padded]);
  const marker = Buffer.from([0xff, 0xed, 0, 0]);
  marker.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([marker, body]);
}
