import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { enlarger, type Line, linesOf, sha256Of } from '../cli/support.ts';
import { temporaryFolder } from '../support/pictures.ts';

const PHOTOS = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'photos');
/** Pixels of a picture that is small enough for a quick test. */
const SMALL = 300_000;
/** Taken although they are larger: one that EXIF turns, and HEIC. */
const ALSO = ['portrait_orientation_6.jpg', 'iphone.heic'];

async function choosePhotos(): Promise<string[]> {
  const chosen: string[] = [];
  for (const name of await readdir(PHOTOS)) {
    if (extname(name) === '.csv') continue;
    const pixels = await sharp(join(PHOTOS, name))
      .metadata()
      .then(
        ({ width, height }) => width * height,
        () => Number.POSITIVE_INFINITY,
      );
    if (pixels < SMALL || ALSO.includes(name)) chosen.push(name);
  }
  return chosen.sort();
}

interface Facts {
  [fact: string]: unknown;
  format: string;
  width: number;
  height: number;
  orientation: number;
  exif: boolean;
}

/** What is in a picture file. CMYK becomes RGB on the way and is told as such. */
async function factsOf(file: string): Promise<Facts> {
  const picture = sharp(file, { pages: 1 });
  const {
    format,
    width,
    height,
    orientation = 1,
    depth,
    icc,
    exif,
    xmp,
    ...bands
  } = await picture.metadata();
  const colours = bands.space === 'cmyk' ? 3 : bands.channels - (bands.hasAlpha ? 1 : 0);
  return {
    ...{ format, width, height, orientation, depth, colours },
    transparent: !(await picture.stats()).isOpaque,
    icc: icc && sha256Of(icc),
    exif: exif !== undefined,
    xmp: xmp !== undefined,
  };
}

/** What must be in the result for a file: a result may well have EXIF where its source had none. */
function enlarged(source: Facts, result: Facts): Facts {
  const turned = source.orientation >= 5;
  return {
    ...source,
    format: source.format === 'gif' ? 'png' : source.format,
    width: 2 * (turned ? source.height : source.width),
    height: 2 * (turned ? source.width : source.height),
    orientation: 1,
    exif: source.exif || result.exif,
  };
}

describe.skipIf(!existsSync(PHOTOS))(
  'photographs as people drop them (where ../shared/data/photos is)',
  () => {
    it('are enlarged upright with their profile, depth and transparency', async () => {
      const chosen = await choosePhotos();
      const inputs = chosen.map((name) => join(PHOTOS, name));
      const args = ['enhance', ...inputs, '--out', await temporaryFolder(), '--json'];
      const { exit, stdout, stderr } = await enlarger(args);
      const ended = linesOf(stdout).filter(({ event, state }) => event === 'file' && state !== 'started');
      const refused = ended.flatMap(({ state, source = '', error }: Line) =>
        state === 'done' ? [] : [[basename(source), (error as { code?: string } | undefined)?.code]],
      );
      const done = ended.filter(({ state }) => state === 'done');
      const [wanted, made] = [new Map<string, Facts>(), new Map<string, Facts>()];
      for (const { source = '', target = '' } of done) {
        // Its pixels are beyond the reader that this test compares with.
        if (extname(source) === '.heic') continue;
        const result = await factsOf(target);
        made.set(basename(source), result);
        wanted.set(basename(source), enlarged(await factsOf(source), result));
      }
      expect([exit, stderr, refused]).toEqual([0, '', []]);
      expect(done.length).toBe(chosen.length);
      expect(done.length).toBeGreaterThan(10);
      expect(made).toEqual(wanted);
    });
  },
);
