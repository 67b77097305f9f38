import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { compareFacts } from '../../../../src/engine/codec/compare-facts.ts';
import { writeExif } from '../../../../src/engine/codec/metadata/exif-block.ts';
import { OUTPUT_FORMATS } from '../../../../src/shared/formats.ts';
import { temporaryFolder, writePicture } from '../../../support/pictures.ts';
import { enlargeNearest } from '../nearest.ts';
import { cameraExif, secondsOf, segment, withSegments } from './made-up.ts';

const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="51,30.5N"' +
  ' exif:ISOSpeed="400"><exif:GPSLongitude>0,7W</exif:GPSLongitude></rdf:Description></rdf:RDF></x:xmpmeta>';

it.each(OUTPUT_FORMATS.flatMap((format) => [true, false].map((order) => [format, order] as const)))(
  'a place that is to be removed is gone from the bytes of %s (EXIF little-endian: %s)',
  async (format, littleEndian) => {
    const folder = await temporaryFolder();
    const source = await writePicture(join(folder, 'photo.jpg'), { xmp: XMP });
    const exif = segment(0xe1, writeExif(cameraExif(littleEndian)));
    await writeFile(source, withSegments(await readFile(source), exif));
    const kept = await enlargeNearest(folder, source, { format });
    expect(await readFile(kept.file)).toSatisfy(
      (file: Buffer) => file.includes(secondsOf(littleEndian)) || file.includes(secondsOf(true)),
    );
    const { file, decoded, verified } = await enlargeNearest(folder, source, { format, removeGps: true });
    const bytes = await readFile(file);
    expect([secondsOf(true), secondsOf(false)].map((seconds) => bytes.includes(seconds))).toEqual([
      false,
      false,
    ]);
    const { xmp } = await sharp(file).metadata();
    expect(xmp?.toString()).not.toContain('GPS');
    expect(xmp?.toString()).toContain('ISOSpeed');
    const entry = compareFacts(decoded.facts, verified.facts, {
      format,
      converted: false,
      removeGps: true,
    }).find(({ what }) => what === 'gps');
    expect(entry).toEqual({ what: 'gps', became: 'dropped', why: 'it was to be removed' });
    expect(verified.facts.makerNote).toBe(decoded.facts.makerNote);
    expect(verified.facts.exif).toEqual(expect.arrayContaining(decoded.facts.exif));
  },
);
