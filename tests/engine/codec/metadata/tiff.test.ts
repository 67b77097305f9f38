import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readExif, writeExif } from '../../../../src/engine/codec/metadata/exif-block.ts';
import { fileReader } from '../../../../src/engine/codec/metadata/file-edit.ts';
import { readTiffMetadata } from '../../../../src/engine/codec/metadata/tiff-metadata.ts';
import { appendTiffTags } from '../../../../src/engine/codec/metadata/tiff-tags.ts';
import { OUTPUT_FORMATS } from '../../../../src/shared/formats.ts';
import { readPicture, temporaryFolder, writePicture } from '../../../support/pictures.ts';
import { largestDifference } from '../../../support/pixels.ts';
import { enlargeNearest } from '../nearest.ts';
import { EXIFTOOL, exiftool } from './exiftool.ts';
import { ascii, bytes, cameraExif, iim, long, writeTaggedTiff } from './made-up.ts';

const XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>cyanotype</note></x:xmpmeta>';

async function metadataOf(file: string) {
  await using handle = await open(file, 'r');
  return await readTiffMetadata(fileReader(handle, (await handle.stat()).size));
}

async function taggedSource(folder: string, littleEndian: boolean, big = false) {
  const profile = (await sharp(await writePicture(join(folder, 'p3.png'), { profile: 'p3' })).metadata()).icc;
  const file = join(folder, 'scan.tif');
  await writeTaggedTiff(file, { littleEndian, big }, cameraExif(littleEndian), [
    bytes(33723, iim()),
    { ...bytes(700, Buffer.from(XMP)), type: 1 },
    bytes(34675, profile as Buffer),
  ]);
  return { file, profile };
}

describe.each([
  ['little-endian', true, false],
  ['big-endian', false, false],
  ['BigTIFF', true, true],
] as const)('of a %s TIFF', (_what, littleEndian, big) => {
  it('EXIF, GPS, IPTC, XMP and the profile are kept in a TIFF', async () => {
    const folder = await temporaryFolder();
    const { file: source, profile } = await taggedSource(folder, littleEndian, big);
    const { file, decoded, verified } = await enlargeNearest(folder, source, { format: 'tiff' });
    const before = await metadataOf(source);
    const after = await metadataOf(file);
    expect(after?.iptc).toEqual(before?.iptc);
    const exif = await readExif(after?.exif as Buffer);
    const text = (tag: number) => exif?.ifd0.find((found) => found.tag === tag)?.value.toString();
    expect([text(0x010f), text(0x013b)]).toEqual(['Voigtländer\0', 'Anna Atkins\0']);
    expect(text(0x0131)).toMatch(/^Enlarger \d/);
    expect(exif?.gps.map(({ tag }) => tag)).toEqual([0, 1, 2, 3, 4]);
    expect(exif?.interoperability.length).toBeGreaterThan(0);
    const { icc, xmp } = await sharp(file).metadata();
    expect([icc?.equals(profile as Buffer), xmp?.toString()]).toEqual([true, XMP]);
    expect(verified.facts.exif).toEqual(expect.arrayContaining(decoded.facts.exif));
    expect(verified.facts.makerNote).toBe(decoded.facts.makerNote);
  });

  it.each(OUTPUT_FORMATS)('EXIF is kept in %s', async (format) => {
    const folder = await temporaryFolder();
    const { file: source } = await taggedSource(folder, littleEndian, big);
    const { decoded, verified } = await enlargeNearest(folder, source, { format });
    expect(decoded.facts).toMatchObject({ gps: true, software: 'Firmware 1' });
    expect(decoded.facts.exif).toEqual(expect.arrayContaining(['ifd0 10f', 'exif 829a', 'exif 927c']));
    expect(verified.facts.exif).toEqual(expect.arrayContaining(decoded.facts.exif));
    expect([verified.facts.gps, verified.facts.makerNote]).toEqual([true, decoded.facts.makerNote]);
  });

  it.skipIf(!EXIFTOOL.there)(`exiftool reads them (${EXIFTOOL.reason})`, async () => {
    const folder = await temporaryFolder();
    const { file: source } = await taggedSource(folder, littleEndian, big);
    const { file } = await enlargeNearest(folder, source, { format: 'tiff' });
    expect(exiftool(file)).toMatchObject({
      'IFD0:Make': 'Voigtländer',
      'IFD0:Artist': 'Anna Atkins',
      'ExifIFD:ExposureTime': '1/125',
      'ExifIFD:ISO': 400,
      'ExifIFD:ExifImageWidth': 16,
      'GPS:GPSLatitude': `51 deg 30' 32.30"`,
      'InteropIFD:InteropIndex': expect.stringContaining('R98'),
      'IPTC:Caption-Abstract': 'A fern, drawn by the sun',
      'IPTC:Keywords': ['fern', 'café'],
    });
    expect(exiftool(file)['ExifTool:Warning']).toBeUndefined();
  });
});

describe('appendTiffTags', () => {
  it.each([true, false])('changes no sample (BigTIFF: %s)', async (bigtiff) => {
    const folder = await temporaryFolder();
    const file = join(folder, 'result.tif');
    const picture = sharp(await writePicture(join(folder, 'photo.png'), { width: 200, height: 300 }));
    await picture.tiff({ compression: 'lzw', bigtiff }).toFile(file);
    const [before, written] = [await readPicture(file), await readFile(file)];
    const exif = writeExif(cameraExif(false));
    {
      await using handle = await open(file, 'r+');
      await appendTiffTags(handle, { exif, iptc: iim() });
    }
    const after = await readFile(file);
    expect(largestDifference(await readPicture(file), before)).toBe(0);
    expect(after.subarray(16, written.length).equals(written.subarray(16))).toBe(true);
    expect((await metadataOf(file))?.iptc).toEqual(iim());
    const read = await readExif((await metadataOf(file))?.exif as Buffer);
    expect(read?.gps.length).toBe(5);
  });

  it('mends texts that readers complain of', async () => {
    const file = await writeTaggedTiff(
      join(await temporaryFolder(), 'plain.tif'),
      { littleEndian: true, big: false },
      undefined,
    );
    const loose = { ...ascii(0x8298, 'Anna\0'), count: 4, value: Buffer.from('A\0B\0\0\0', 'latin1') };
    {
      await using handle = await open(file, 'r+');
      const exif = writeExif({ ...cameraExif(true), ifd0: [{ ...loose, count: loose.value.length }] });
      await appendTiffTags(handle, { exif });
    }
    const exif = await readExif((await metadataOf(file))?.exif as Buffer);
    expect(exif?.ifd0.map(({ value }) => value.toString('latin1'))).toEqual(['A; B\0']);
    await expect(sharp(file, { failOn: 'warning' }).stats()).resolves.toBeDefined();
  });

  it('tags that only Windows or nobody knows harm nothing', async () => {
    const folder = await temporaryFolder();
    const exif = cameraExif(true);
    exif.ifd0.push({ ...bytes(0x9c9b, Buffer.from('Fern\0', 'utf16le')), type: 1 }, bytes(0xc4a5, iim()));
    const layout = { littleEndian: true, big: false };
    const source = await writeTaggedTiff(join(folder, 'xp.tif'), layout, exif);
    const { decoded, verified } = await enlargeNearest(folder, source, { format: 'tiff' });
    expect(decoded.facts.exif).toContain('ifd0 9c9b');
    expect(verified.facts.exif).toEqual(expect.arrayContaining(decoded.facts.exif));
  });

  it('refuses what is no TIFF', async () => {
    const folder = await temporaryFolder();
    await using handle = await open(await writePicture(join(folder, 'photo.png')), 'r+');
    await expect(appendTiffTags(handle, {})).rejects.toMatchObject({ code: 'internal' });
  });
});

it('directories that lead nowhere are no metadata', async () => {
  const folder = await temporaryFolder();
  const layout = { littleEndian: true, big: false };
  const file = await writeTaggedTiff(join(folder, 'odd.tif'), layout, undefined, [
    long(34665, [0xfffffff0], true),
    long(34853, [12], true),
    { tag: 0x010e, type: 2, count: 0x7fffffff, value: Buffer.alloc(4), at: -1 },
  ]);
  expect(await metadataOf(file)).toEqual({ exif: undefined, iptc: undefined });
});
