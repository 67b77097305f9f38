import { existsSync, readdirSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareFacts } from '../../src/engine/codec/compare-facts.ts';
import { decode } from '../../src/engine/codec/decode.ts';
import type { DecodedFrame } from '../../src/engine/codec/decoded-frame.ts';
import { encode } from '../../src/engine/codec/encode.ts';
import { type Verified, verify } from '../../src/engine/codec/verify.ts';
import { canBeDeep, OUTPUT_FORMATS, type OutputFormat } from '../../src/shared/formats.ts';
import { EXIFTOOL, exiftool } from '../engine/codec/metadata/exiftool.ts';
import { foldersOf } from './folders.ts';

const PHOTOS = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'photos');
const NAMES = existsSync(PHOTOS) ? readdirSync(PHOTOS).filter((name) => extname(name) !== '.csv') : [];

/** Metadata do not care for the size of a result: a few pixels of each photograph are enough. */
const [WIDTH, HEIGHT] = [24, 16];

interface Written {
  format: OutputFormat;
  file: string;
  verified: Verified;
}

async function writeAll(source: string, folder: string): Promise<{ decoded: DecodedFrame; all: Written[] }> {
  const decoded = await decode({ source, scratch: join(folder, 'frame') });
  await rm(decoded.pixels);
  const all: Written[] = [];
  const { bands, deep, resolution } = decoded;
  const buffer = new SharedArrayBuffer(WIDTH * HEIGHT * 16);
  new Uint8Array(buffer).fill(0x55);
  for (const format of OUTPUT_FORMATS) {
    const file = join(folder, `result.${format}`);
    const carrier = join(folder, `carrier-${format}.v`);
    await copyFile(decoded.carrier, carrier);
    await encode({
      ...{ carrier, buffer, bands, deep, resolution, format },
      joined: 0,
      quality: undefined,
      width: WIDTH,
      height: HEIGHT,
      temporary: file,
    });
    all.push({ format, file, verified: await verify({ file, width: WIDTH, height: HEIGHT }) });
  }
  return { decoded, all };
}

/** Groups and tags that say how a file is built, or that are the result's own. */
const OWN =
  /^(SourceFile|ExifTool|System|Composite|File|JFIF|PNG|PNG-\w+|RIFF|Meta|QuickTime|Adobe|Ducky|Photoshop|GIF|IFD1|ICC.*):|^SourceFile$/;
const CODING = /:(Orientation|YCbCr\w+|ImageWidth|ImageHeight|BitsPerSample|PhotometricInterpretation)$/;
const CODING_TOO = /:(SamplesPerPixel|Software|ExifImageWidth|ExifImageHeight|StripOffsets|StripByteCounts)$/;
const HOW =
  /:(RowsPerStrip|PlanarConfiguration|Compression|Predictor|SampleFormat|SubfileType|\w*Resolution\w*)$/;

function comparable(file: string): Record<string, unknown> {
  const tags = Object.entries(exiftool(file));
  return Object.fromEntries(
    tags.filter(([name]) => ![OWN, CODING, CODING_TOO, HOW].some((pattern) => pattern.test(name))),
  );
}

describe.skipIf(NAMES.length === 0)('metadata of photographs (where ../shared/data/photos is)', () => {
  describe.each(NAMES)('%s', (name) => {
    const source = join(PHOTOS, name);
    const folder = foldersOf();
    let decoded: DecodedFrame;
    let all: Written[];
    beforeAll(async () => {
      ({ decoded, all } = await writeAll(source, folder()));
    });
    const became = (what: string) =>
      all.flatMap(({ format, verified }) => {
        const facts = compareFacts(decoded.facts, verified.facts, { format, converted: decoded.converted });
        const entry = facts.find((found) => found.what === what);
        return entry ? [[format, entry.became]] : [];
      });
    const everywhere = (state: string, formats = OUTPUT_FORMATS) => formats.map((format) => [format, state]);
    const expected = (there: boolean, formats = OUTPUT_FORMATS) => (there ? everywhere('kept', formats) : []);

    it('profile', async () => {
      expect(became('profile').length > 0).toBe(decoded.facts.profile !== undefined);
      if (decoded.converted || decoded.facts.profile === undefined) return;
      const { icc } = await sharp(source, { pages: 1 }).metadata();
      for (const { format, file } of all) {
        expect((await sharp(file).metadata()).icc?.equals(icc as Buffer), format).toBe(true);
      }
    });

    it('orientation', async () => {
      for (const { format, file } of all) {
        expect((await sharp(file).metadata()).orientation ?? 1, format).toBe(1);
      }
    });

    it('EXIF, maker notes and places', () => {
      expect(became('exif')).toEqual(expected(decoded.facts.exif.length > 0));
      expect(became('makerNotes')).toEqual(expected(decoded.facts.makerNote !== undefined));
      expect(became('gps')).toEqual(expected(decoded.facts.gps));
    });

    it('XMP', () => {
      expect(became('xmp')).toEqual(expected(decoded.facts.xmp !== undefined));
    });

    it('IPTC', () => {
      const states = OUTPUT_FORMATS.map((format) => [
        format,
        format === 'webp' || format === 'avif' ? 'changed' : 'kept',
      ]);
      expect(became('iptc')).toEqual(decoded.facts.iptc ? states : []);
    });

    it('resolution', () => {
      expect(became('resolution')).toEqual(expected(decoded.facts.resolution !== undefined));
    });

    it('depth, alpha and gray, where the format has them', () => {
      const deep = OUTPUT_FORMATS.filter(canBeDeep).filter((format) => format !== 'avif');
      const ten = decoded.facts.bitsPerSample <= 12 ? [...deep, 'avif'] : deep;
      const keeping = (what: string) =>
        became(what).flatMap(([format, state]) => (state === 'kept' ? [format] : []));
      expect(keeping('depth').sort()).toEqual(decoded.facts.bitsPerSample > 8 ? ten.sort() : []);
      const gray = decoded.facts.gray ? ['jpeg', 'png', 'tiff'] : [];
      expect(keeping('gray').sort()).toEqual(gray);
      // What is opaque may go: WebP leaves it out.
      const alpha = keeping('alpha').filter((format) => format !== 'webp');
      expect(alpha.sort()).toEqual(decoded.facts.alpha ? ['avif', 'png', 'tiff'] : []);
    });

    it.skipIf(!EXIFTOOL.there)(`as exiftool reads it (${EXIFTOOL.reason})`, () => {
      const before = comparable(source);
      for (const { format, file } of all) {
        const inXmp = format === 'webp' || format === 'avif';
        const wanted = Object.entries(before).filter(([tag]) => !inXmp || !tag.startsWith('IPTC:'));
        expect(comparable(file), format).toMatchObject(Object.fromEntries(wanted));
      }
    });
  });
});
