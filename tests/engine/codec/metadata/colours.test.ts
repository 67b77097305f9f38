import { copyFile, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { compareFacts } from '../../../../src/engine/codec/compare-facts.ts';
import { writeAvifColour } from '../../../../src/engine/codec/metadata/avif-colour.ts';
import { readColourCode } from '../../../../src/engine/codec/metadata/colour-code.ts';
import { readerOf } from '../../../../src/engine/codec/metadata/ifd.ts';
import type { OutputFormat } from '../../../../src/shared/formats.ts';
import { randomNumbers, readPicture, temporaryFolder, writePicture } from '../../../support/pictures.ts';
import { largestDifference } from '../../../support/pixels.ts';
import { enlargeNearest } from '../nearest.ts';
import { EXIFTOOL, exiftool } from './exiftool.ts';

const P3_PQ = { primaries: 12, transfer: 16 };

async function codeOf(file: string) {
  const bytes = await readFile(file);
  return readColourCode(readerOf(bytes), bytes.length);
}

async function avif(folder: string, code: { primaries: number; transfer: number }, alpha = false) {
  const options = { deep: true, width: 64, height: 48, bands: alpha ? 4 : 3, quality: 95 } as const;
  const file = await writePicture(join(folder, 'hdr.avif'), options);
  await using handle = await open(file, 'r+');
  await writeAvifColour(handle, code);
  return file;
}

async function fidelityOf(folder: string, source: string, format: OutputFormat) {
  const { file, decoded, verified } = await enlargeNearest(folder, source, { format });
  return { file, fidelity: compareFacts(decoded.facts, verified.facts, { format, converted: false }) };
}

describe('the colour code of an AVIF', () => {
  it.each([false, true])('is added without another sample (with alpha: %s)', async (alpha) => {
    const folder = await temporaryFolder();
    const options = { deep: true, width: 64, height: 48, bands: alpha ? 4 : 3 } as const;
    const file = await writePicture(join(folder, 'photo.avif'), options);
    const coded = join(folder, 'coded.avif');
    await copyFile(file, coded);
    {
      await using handle = await open(coded, 'r+');
      await writeAvifColour(handle, P3_PQ);
    }
    expect(await codeOf(file)).toBeUndefined();
    expect(await codeOf(coded)).toEqual({ ...P3_PQ, matrix: 6, fullRange: true });
    expect(largestDifference(await readPicture(coded), await readPicture(file))).toBe(0);
  });

  it('is not added to what is no AVIF', async () => {
    const file = await writePicture(join(await temporaryFolder(), 'photo.png'));
    await using handle = await open(file, 'r+');
    await expect(writeAvifColour(handle, P3_PQ)).rejects.toMatchObject({ code: 'internal' });
  });

  it('is read from no file that lies about its boxes', async () => {
    const file = await readFile(await avif(await temporaryFolder(), P3_PQ));
    const random = randomNumbers(7);
    for (let attempt = 0; attempt < 2000; attempt++) {
      const bytes = Buffer.from(file.subarray(0, 600));
      for (let change = 0; change < 3; change++) {
        bytes[Math.floor(random() * 450)] = Math.floor(random() * 256);
      }
      const code = await readColourCode(readerOf(bytes), bytes.length);
      expect(code === undefined || code.primaries <= 65_535).toBe(true);
    }
  });
});

describe.each(['avif', 'png'] as const)('in %s', (format) => {
  it.each([P3_PQ, { primaries: 9, transfer: 18 }])('%o is kept', async (code) => {
    const folder = await temporaryFolder();
    const { file, fidelity } = await fidelityOf(folder, await avif(folder, code), format);
    expect(await codeOf(file)).toMatchObject(code);
    expect(fidelity).toContainEqual({ what: 'hdr', became: 'kept' });
    expect(fidelity).toContainEqual({ what: 'depth', became: 'kept' });
  });

  it('wide primaries without a profile are kept', async () => {
    const folder = await temporaryFolder();
    const source = await avif(folder, { primaries: 12, transfer: 13 });
    const { fidelity } = await fidelityOf(folder, source, format);
    expect(fidelity).toContainEqual({ what: 'profile', became: 'kept' });
  });

  it('nothing is said of ordinary colours', async () => {
    const folder = await temporaryFolder();
    const source = await avif(folder, { primaries: 1, transfer: 13 });
    const { file, fidelity } = await fidelityOf(folder, source, format);
    expect(await codeOf(file)).toBeUndefined();
    expect(fidelity.map(({ what }) => what)).toEqual(['depth']);
  });

  it.skipIf(!EXIFTOOL.there)(`exiftool reads it (${EXIFTOOL.reason})`, async () => {
    const folder = await temporaryFolder();
    const { file } = await fidelityOf(folder, await avif(folder, P3_PQ, true), format);
    const group = format === 'avif' ? 'QuickTime' : 'PNG-cICP';
    const tags = exiftool(file);
    expect(tags[`${group}:TransferCharacteristics`]).toMatch(/PQ/);
    expect(tags[`${group}:ColorPrimaries`]).toMatch(/432/);
  });
});

it.each(['jpeg', 'webp', 'tiff'] as const)('%s says that PQ is lost', async (format) => {
  const folder = await temporaryFolder();
  const { fidelity } = await fidelityOf(folder, await avif(folder, P3_PQ), format);
  const why = `${format} cannot say that its values are PQ; save it as AVIF or PNG`;
  expect(fidelity).toContainEqual({ what: 'hdr', became: 'dropped', why });
});

it('12 bits stay 12 bits in an AVIF', async () => {
  const folder = await temporaryFolder();
  const png = await writePicture(join(folder, 'deep.png'), { deep: true, width: 64, height: 48 });
  const source = join(folder, 'deep.avif');
  await sharp(png).toColourspace('rgb16').avif({ bitdepth: 12, effort: 0 }).toFile(source);
  expect((await sharp(source).metadata()).bitsPerSample).toBe(12);
  const { file, fidelity } = await fidelityOf(folder, source, 'avif');
  expect((await sharp(file).metadata()).bitsPerSample).toBe(12);
  expect(fidelity).toContainEqual({ what: 'depth', became: 'kept' });
});

it('a file that is cut short or of another kind has no colour code', async () => {
  const folder = await temporaryFolder();
  const file = await avif(folder, P3_PQ);
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, 100));
  expect(await codeOf(file)).toBeUndefined();
  expect(await readColourCode(readerOf(Buffer.alloc(0)), 0)).toBeUndefined();
});
