import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareFacts } from '../../../../src/engine/codec/compare-facts.ts';
import { readerOf } from '../../../../src/engine/codec/metadata/ifd.ts';
import {
  dataSetsOf,
  iimOf,
  PNG_IPTC,
  rawProfileBytes,
  rawProfileText,
} from '../../../../src/engine/codec/metadata/iptc.ts';
import { iptcProperties } from '../../../../src/engine/codec/metadata/iptc-in-xmp.ts';
import { headChunks } from '../../../../src/engine/codec/metadata/png-chunks.ts';
import type { OutputFormat } from '../../../../src/shared/formats.ts';
import { readPicture, temporaryFolder, writePicture } from '../../../support/pictures.ts';
import { largestDifference } from '../../../support/pixels.ts';
import { enlargeNearest } from '../nearest.ts';
import { EXIFTOOL, exiftool } from './exiftool.ts';
import { iim, photoshopSegment, withSegments } from './made-up.ts';

async function pressPhoto(folder: string, options: { xmp?: string; cmyk?: boolean } = {}): Promise<string> {
  const source = await writePicture(join(folder, 'press.jpg'), options);
  await writeFile(source, withSegments(await readFile(source), photoshopSegment(iim())));
  return source;
}

async function fidelityOf(folder: string, source: string, format: OutputFormat) {
  const { file, decoded, verified } = await enlargeNearest(folder, source, { format });
  const fidelity = compareFacts(decoded.facts, verified.facts, { format, converted: decoded.converted });
  return { file, iptc: fidelity.find(({ what }) => what === 'iptc') };
}

describe.each(['jpeg', 'png', 'tiff'] as const)('in %s', (format) => {
  it.each([false, true])('IPTC is kept (of a CMYK source: %s)', async (cmyk) => {
    const folder = await temporaryFolder();
    const { file, iptc } = await fidelityOf(folder, await pressPhoto(folder, { cmyk }), format);
    expect(iptc).toEqual({ what: 'iptc', became: 'kept' });
    // A small picture of the source is none of the result.
    expect((await readFile(file)).includes('old thumbnail')).toBe(false);
  });

  it.skipIf(!EXIFTOOL.there)(`exiftool reads it (${EXIFTOOL.reason})`, async () => {
    const folder = await temporaryFolder();
    const { file } = await fidelityOf(folder, await pressPhoto(folder), format);
    expect(exiftool(file)).toMatchObject({
      'IPTC:Caption-Abstract': 'A fern, drawn by the sun',
      'IPTC:By-line': 'Anna Atkins',
      'IPTC:Keywords': ['fern', 'café'],
    });
  });
});

it('IPTC of a PNG is kept in a JPEG', async () => {
  const folder = await temporaryFolder();
  const png = await fidelityOf(folder, await pressPhoto(folder), 'png');
  const { iptc, file } = await fidelityOf(folder, png.file, 'jpeg');
  expect(iptc).toEqual({ what: 'iptc', became: 'kept' });
  expect(iimOf((await sharp(file).metadata()).iptc as Buffer)).toEqual(iim());
});

it('IPTC stands before the pixels of a PNG and changes none of them', async () => {
  const folder = await temporaryFolder();
  const { file } = await fidelityOf(folder, await pressPhoto(folder), 'png');
  const chunks = await headChunks(readerOf(await readFile(file)));
  expect(chunks.slice(-2).map(({ type }) => type)).toEqual(['zTXt', 'IDAT']);
  const { comments } = await sharp(file, { failOn: 'warning' }).metadata();
  const bytes = rawProfileBytes(comments?.find(({ keyword }) => keyword === PNG_IPTC)?.text ?? '');
  expect(bytes && iimOf(bytes)).toEqual(iim());
  const plain = await enlargeNearest(folder, await writePicture(join(folder, 'press.jpg')), {
    format: 'png',
    file: join(folder, 'plain.png'),
  });
  expect(largestDifference(await readPicture(file), await readPicture(plain.file))).toBe(0);
});

describe.each(['webp', 'avif'] as const)('in %s, which has no place for IPTC,', (format) => {
  it('what it says is in XMP', async () => {
    const folder = await temporaryFolder();
    const { file, iptc } = await fidelityOf(folder, await pressPhoto(folder), format);
    expect(iptc).toEqual({
      what: 'iptc',
      became: 'changed',
      why: `${format} has no place for it; what it says is in XMP`,
    });
    const xmp = (await sharp(file).metadata()).xmp?.toString() ?? '';
    expect(xmp).toContain('<rdf:li xml:lang="x-default">A fern, drawn by the sun</rdf:li>');
    expect(xmp).toContain('<rdf:Bag><rdf:li>fern</rdf:li><rdf:li>café</rdf:li></rdf:Bag>');
    expect(xmp).toContain('<photoshop:DateCreated>1843-10-01T12:00:00+00:00</photoshop:DateCreated>');
  });

  it.skipIf(!EXIFTOOL.there)(`exiftool reads it there (${EXIFTOOL.reason})`, async () => {
    const folder = await temporaryFolder();
    const { file } = await fidelityOf(folder, await pressPhoto(folder), format);
    expect(exiftool(file)).toMatchObject({
      'XMP-dc:Description': 'A fern, drawn by the sun',
      'XMP-dc:Creator': ['Anna Atkins'],
      'XMP-dc:Subject': ['fern', 'café'],
      'XMP-photoshop:City': 'Halstead',
    });
  });

  it('XMP that says so itself is left as it is', async () => {
    const folder = await temporaryFolder();
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      '<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"' +
      ' photoshop:City="London"/></rdf:RDF></x:xmpmeta>';
    const { file } = await fidelityOf(folder, await pressPhoto(folder, { xmp }), format);
    const after = (await sharp(file).metadata()).xmp?.toString() ?? '';
    expect([after.includes('London'), after.includes('Halstead'), after.includes('fern')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('XMP that cannot be understood stays, and IPTC is dropped', async () => {
    const folder = await temporaryFolder();
    const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><note>cyanotype</note></x:xmpmeta>';
    const { file, iptc } = await fidelityOf(folder, await pressPhoto(folder, { xmp }), format);
    expect((await sharp(file).metadata()).xmp?.toString()).toBe(xmp);
    expect(iptc?.became).toBe('dropped');
  });
});

describe('data sets', () => {
  it('may have long lengths, and end where they make no sense', () => {
    const long = Buffer.concat([Buffer.from([0x1c, 2, 120, 0x80, 4, 0, 0, 0, 3]), Buffer.from('sun')]);
    expect(dataSetsOf(long)).toEqual([{ record: 2, number: 120, value: Buffer.from('sun') }]);
    expect(dataSetsOf(Buffer.from([0x1c, 2, 120, 0x80, 9, 0]))).toEqual([]);
    expect(dataSetsOf(Buffer.from([0x1c, 2, 120, 0xff, 0xff]))).toEqual([]);
  });

  it('without a stated encoding are read as UTF-8, else as Western', () => {
    const set = (value: Buffer) => Buffer.concat([Buffer.from([0x1c, 2, 90, 0, value.length]), value]);
    const city = (value: Buffer) => iptcProperties(set(value)).properties[0]?.values;
    expect([city(Buffer.from('Köln')), city(Buffer.from('Köln', 'latin1'))]).toEqual([['Köln'], ['Köln']]);
  });

  it('that XMP has no place for are said to be missing', () => {
    const { properties, complete } = iptcProperties(Buffer.from([0x1c, 2, 200, 0, 1, 65]));
    expect([properties, complete]).toEqual([[], false]);
  });

  it('a date without a day or a time is no more than it says', () => {
    const set = (number: number, text: string) => [0x1c, 2, number, 0, text.length, ...Buffer.from(text)];
    const date = (...bytes: number[]) => iptcProperties(Buffer.from(bytes)).properties[0]?.values;
    expect(date(...set(55, '18431001'))).toEqual(['1843-10-01']);
    expect(date(...set(55, '18431001'), ...set(60, '120000'))).toEqual(['1843-10-01T12:00:00']);
    expect(date(...set(55, '18430000'))).toBeUndefined();
  });
});

it('the text of a PNG is read back as it was written', () => {
  expect(rawProfileBytes(rawProfileText(iim()))).toEqual(iim());
  expect(rawProfileBytes('no profile')).toBeUndefined();
});
