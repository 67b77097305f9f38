import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { compareFacts } from '../../../../src/engine/codec/compare-facts.ts';
import { OUTPUT_FORMATS } from '../../../../src/shared/formats.ts';
import { temporaryFolder, writePicture } from '../../../support/pictures.ts';
import { enlargeNearest } from '../nearest.ts';
import { segment, withSegments } from './made-up.ts';

const HDRGM = 'http://ns.adobe.com/hdr-gain-map/1.0/';
const PROMISE =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  `<rdf:Description rdf:about="" xmlns:hdrgm="${HDRGM}" xmlns:dc="http://purl.org/dc/elements/1.1/"` +
  ' xmlns:Container="http://ns.google.com/photos/1.0/container/" hdrgm:Version="1.0">' +
  '<Container:Directory><rdf:Seq><rdf:li>GainMap</rdf:li></rdf:Seq></Container:Directory>' +
  '<dc:source>fern</dc:source></rdf:Description></rdf:RDF></x:xmpmeta>';

/** The index of pictures in one file, which counts from behind its mark. */
function mpfIndex(second: { offset: number; length: number }): Buffer {
  const index = Buffer.alloc(26 + 32);
  index.write('II*\0\x08\0\0\0\x01\0', 'latin1');
  index.writeUInt16LE(0xb002, 10);
  index.writeUInt16LE(7, 12);
  index.writeUInt32LE(32, 14);
  index.writeUInt32LE(26, 18);
  index.writeUInt32LE(second.length, 26 + 16 + 4);
  index.writeUInt32LE(second.offset, 26 + 16 + 8);
  return segment(0xe2, Buffer.concat([Buffer.from('MPF\0', 'latin1'), index]));
}

async function withSecond(folder: string, statement: string): Promise<string> {
  const source = await writePicture(join(folder, 'ultra.jpg'));
  const second = Buffer.from(`\xff\xd8 ${statement}`, 'latin1');
  const first = await readFile(source);
  const room = mpfIndex({ offset: 0, length: 0 }).length;
  // The segment begins behind the two bytes of the start, and its offsets behind its eight own.
  const offset = first.length + room - (2 + 8);
  const whole = withSegments(first, mpfIndex({ offset, length: second.length }));
  await writeFile(source, Buffer.concat([whole, second]));
  return source;
}

async function fidelityOf(folder: string, source: string, format: (typeof OUTPUT_FORMATS)[number]) {
  const { file, decoded, verified } = await enlargeNearest(folder, source, { format });
  return { file, fidelity: compareFacts(decoded.facts, verified.facts, { format, converted: false }) };
}

const DROPPED = {
  what: 'gainMap',
  became: 'dropped',
  why: 'the result is the picture of standard range',
} as const;

it.each(OUTPUT_FORMATS)('%s does not promise a gain map that it does not have', async (format) => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'ultra.jpg'), { xmp: PROMISE });
  const { file, fidelity } = await fidelityOf(folder, source, format);
  const xmp = (await sharp(file).metadata()).xmp?.toString() ?? '';
  expect(xmp).not.toMatch(/GainMap|hdrgm:Version/);
  expect(xmp).toContain('<dc:source>fern</dc:source>');
  expect(fidelity).toContainEqual(DROPPED);
  expect(fidelity).toContainEqual({ what: 'xmp', became: 'kept' });
});

it.each([
  ['Adobe', HDRGM],
  ['ISO', 'urn:iso:std:iso:ts:21496:-1'],
  ['Apple', '<HDRGainMap:HDRGainMapVersion>'],
])('a gain map of %s in a second picture is reported', async (_whose, statement) => {
  const folder = await temporaryFolder();
  const { fidelity } = await fidelityOf(folder, await withSecond(folder, statement), 'jpeg');
  expect(fidelity).toContainEqual(DROPPED);
});

it('a second picture that is none is not', async () => {
  const folder = await temporaryFolder();
  const { fidelity } = await fidelityOf(folder, await withSecond(folder, 'a small preview'), 'jpeg');
  expect(fidelity.map(({ what }) => what)).not.toContain('gainMap');
});

it('a segment of ISO 21496-1 tells a gain map', async () => {
  const folder = await temporaryFolder();
  const source = await writePicture(join(folder, 'iso.jpg'));
  const iso = segment(0xe2, Buffer.from('urn:iso:std:iso:ts:21496:-1\0\0\0\0\0', 'latin1'));
  await writeFile(source, withSegments(await readFile(source), iso));
  expect((await fidelityOf(folder, source, 'png')).fidelity).toContainEqual(DROPPED);
});
