import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareFacts } from '../../../../src/engine/codec/compare-facts.ts';
import {
  type ExifBlock,
  readExif,
  withPrefix,
  writeExif,
} from '../../../../src/engine/codec/metadata/exif-block.ts';
import { SOFTWARE_NAME } from '../../../../src/engine/codec/metadata/finish-carrier.ts';
import { readerOf } from '../../../../src/engine/codec/metadata/ifd.ts';
import { unmovedMakerNote } from '../../../../src/engine/codec/metadata/maker-note.ts';
import { readTiffMetadata } from '../../../../src/engine/codec/metadata/tiff-metadata.ts';
import { OUTPUT_FORMATS, type OutputFormat } from '../../../../src/shared/formats.ts';
import { temporaryFolder, writePicture } from '../../../support/pictures.ts';
import { enlargeNearest } from '../nearest.ts';
import { cameraExif, long, pointingNote, rational, segment, short, withSegments } from './made-up.ts';

async function jpegWith(folder: string, exif: Buffer, orientation?: number): Promise<string> {
  const source = await writePicture(join(folder, 'photo.jpg'));
  await writeFile(source, withSegments(await readFile(source), segment(0xe1, exif)));
  expect((await sharp(source).metadata()).orientation).toBe(orientation);
  return source;
}

async function exifOf(file: string, format: OutputFormat): Promise<ExifBlock | undefined> {
  const stored =
    format === 'tiff'
      ? (await readTiffMetadata(readerOf(await readFile(file))))?.exif
      : (await sharp(file).metadata()).exif;
  return readExif(stored as Buffer);
}

const textOf = (block: ExifBlock | undefined, wanted: number) =>
  block?.ifd0.find(({ tag }) => tag === wanted)?.value.toString();

describe.each(OUTPUT_FORMATS)('in %s', (format) => {
  it.each([true, false])('EXIF keeps its tags and names Enlarger (little-endian: %s)', async (order) => {
    const folder = await temporaryFolder();
    const source = await jpegWith(folder, writeExif(cameraExif(order)));
    const { file, decoded, verified } = await enlargeNearest(folder, source, { format });
    const exif = await exifOf(file, format);
    expect([textOf(exif, 0x010f), textOf(exif, 0x0131)]).toEqual(['Voigtländer\0', `${SOFTWARE_NAME}\0`]);
    const size = [0xa002, 0xa003].map((wanted) => {
      const tag = exif?.exif.find((found) => found.tag === wanted);
      return exif?.littleEndian ? tag?.value.readUInt32LE() : tag?.value.readUInt32BE();
    });
    expect(size).toEqual([74, 58]);
    const fidelity = compareFacts(decoded.facts, verified.facts, { format, converted: false });
    expect(fidelity).toEqual(
      expect.arrayContaining([
        { what: 'exif', became: 'kept' },
        { what: 'makerNotes', became: 'kept' },
        { what: 'gps', became: 'kept' },
        { what: 'software', became: 'changed', why: 'the result names the program that wrote it' },
      ]),
    );
  });

  it('a maker note that points into itself still does', async () => {
    const folder = await temporaryFolder();
    const placed = await readExif(writeExif(cameraExif(true, pointingNote(0))));
    const at = placed?.exif.find(({ tag }) => tag === 0x927c)?.at ?? 0;
    const source = await jpegWith(folder, writeExif(cameraExif(true, pointingNote(at))));
    const exif = (await sharp(source).metadata()).exif as Buffer;
    expect(exif.indexOf(pointingNote(at)) - 6).toBe(at);
    const { file, decoded, verified } = await enlargeNearest(folder, source, { format });
    const note = (await exifOf(file, format))?.exif.find(({ tag }) => tag === 0x927c);
    expect(note && unmovedMakerNote(note.value, note.at)).toEqual(pointingNote(0));
    expect(verified.facts.makerNote).toBe(decoded.facts.makerNote);
  });
});

it('a thumbnail is made anew, upright, and no larger than 160 pixels', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'photo.jpg');
  await writePicture(source, { width: 400, height: 200 });
  const old = await readFile(await writePicture(join(folder, 'small.jpg'), { width: 32, height: 16 }));
  await writeFile(source, withSegments(await readFile(source), segment(0xe1, exifWithThumbnail(old))));
  expect((await sharp(source).metadata()).orientation).toBe(6);
  const { file, decoded, verified } = await enlargeNearest(folder, source, { format: 'jpeg' });
  const thumbnail = (await exifOf(file, 'jpeg'))?.thumbnail as Buffer;
  const extracted = join(folder, 'thumbnail.jpg');
  await writeFile(extracted, thumbnail);
  expect(await sharp(extracted).metadata()).toMatchObject({ format: 'jpeg', width: 80, height: 160 });
  const about = compareFacts(decoded.facts, verified.facts, { format: 'jpeg', converted: false });
  expect(about).toContainEqual({ what: 'thumbnail', became: 'changed', why: 'it was made anew, upright' });
});

it('a resolution that only EXIF states is kept', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'photo.webp');
  const exif = { ...cameraExif(true), ifd0: resolutionTags(11811, 100, 3) };
  await sharp(await writePicture(join(folder, 'photo.png')))
    .webp()
    .toFile(source);
  await writeFile(source, withWebpExif(await readFile(source), writeExif(exif).subarray(6)));
  for (const format of OUTPUT_FORMATS) {
    const { verified } = await enlargeNearest(folder, source, { format });
    expect(verified.facts.resolution, format).toBeCloseTo(300, 0);
  }
});

describe('EXIF that is none', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('no EXIF at all')],
    ['BigTIFF', Buffer.from('II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0', 'latin1')],
  ])('%s', async (_what, bytes) => {
    expect(await readExif(bytes)).toBeUndefined();
  });

  it('directories outside of it are empty', async () => {
    const block = Buffer.from('MM\0*\x00\x00\xff\xff', 'latin1');
    expect(await readExif(withPrefix(block))).toEqual({
      littleEndian: false,
      ifd0: [],
      exif: [],
      gps: [],
      interoperability: [],
      thumbnail: undefined,
    });
  });
});

function resolutionTags(numerator: number, denominator: number, unit: number) {
  return [
    rational(0x011a, [numerator, denominator], true),
    rational(0x011b, [numerator, denominator], true),
    short(0x0128, [unit], true),
  ];
}

/** EXIF of orientation 6 with a second directory that holds `thumbnail`. */
function exifWithThumbnail(thumbnail: Buffer): Buffer {
  const tags = [short(0x0103, [6], true), long(0x0201, [100], true), long(0x0202, [thumbnail.length], true)];
  const block = Buffer.alloc(100);
  block.write('II*\0\x08\0\0\0\x01\0', 'latin1');
  const entry = (tag: { tag: number; type: number; value: Buffer }, at: number) => {
    block.writeUInt16LE(tag.tag, at);
    block.writeUInt16LE(tag.type, at + 2);
    block.writeUInt32LE(1, at + 4);
    tag.value.copy(block, at + 8);
  };
  entry(short(0x0112, [6], true), 10);
  block.writeUInt32LE(30, 22);
  block.writeUInt16LE(3, 30);
  for (const [index, tag] of tags.entries()) entry(tag, 32 + 12 * index);
  return withPrefix(Buffer.concat([block, thumbnail]));
}

/** A WebP in the extended form, with EXIF. */
function withWebpExif(webp: Buffer, exif: Buffer): Buffer {
  const picture = webp.subarray(12);
  const canvas = Buffer.from([0x08, 0, 0, 0, 36, 0, 0, 28, 0, 0]);
  const chunk = (type: string, content: Buffer) => {
    const head = Buffer.from(`${type}\0\0\0\0`, 'latin1');
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
  };
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    chunk('VP8X', canvas),
    picture,
    chunk('EXIF', exif),
  ]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
