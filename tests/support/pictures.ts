import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import sharp, { type Exif, type Sharp } from 'sharp';
import { onTestFinished } from 'vitest';

/** A folder of its own for the running test, removed with all that is in it when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'enlarger-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface PictureOptions {
  width?: number;
  height?: number;
  /** 1 gray, 2 gray + alpha, 3 RGB, 4 RGB + alpha. */
  bands?: 1 | 2 | 3 | 4;
  /** 16 bits a sample. */
  deep?: boolean;
  /** Another seed is another picture. */
  seed?: number;
  /** A table of at most 256 colours (PNG). */
  palette?: boolean;
  cmyk?: boolean;
  /** As EXIF counts it, 1..8; width and height are those of the pixels as they are stored. */
  orientation?: number;
  profile?: 'p3' | 'srgb';
  exif?: Exif;
  xmp?: string;
  /** Pixels an inch. */
  density?: number;
  quality?: number;
}

/** Samples of a picture, interleaved by pixel, rows without gaps. */
export interface RawPicture {
  data: Uint8Array | Uint16Array;
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
}

const DEFAULTS = { width: 37, height: 29, bands: 3, deep: false, seed: 1 } as const;

/**
 * Samples that behave like a photograph's: slopes, a bright disc and a dark bar with sharp edges, noise.
 * Alpha falls off softly from the middle, from opaque to nothing.
 */
export function photo(options: PictureOptions = {}): RawPicture {
  const { width, height, bands, deep, seed } = { ...DEFAULTS, ...options };
  const data = deep ? new Uint16Array(width * height * bands) : new Uint8Array(width * height * bands);
  const largest = deep ? 65_535 : 255;
  const random = randomNumbers(seed);
  const colours = bands <= 2 ? 1 : 3;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = (y * width + x) * bands;
      const [u, v] = [x / Math.max(1, width - 1), y / Math.max(1, height - 1)];
      const fromMiddle = Math.hypot(u - 0.5, v - 0.5);
      for (let channel = 0; channel < colours; channel++) {
        const slope = 0.2 + 0.5 * (channel === 1 ? v : u) + 0.1 * Math.sin((seed + channel) * (u + v) * 4);
        const edge = fromMiddle < 0.25 ? 0.25 : Math.abs(u - v) < 0.08 ? -0.2 : 0;
        const noise = 0.03 * (random() - 0.5);
        data[pixel + channel] = Math.round(largest * Math.min(1, Math.max(0, slope + edge + noise)));
      }
      if (bands === 2 || bands === 4) {
        const alpha = Math.min(1, Math.max(0, 1.6 - 3 * fromMiddle));
        data[pixel + bands - 1] = Math.round(largest * alpha);
      }
    }
  }
  return { data, width, height, channels: bands };
}

/** Writes a picture in the format of the extension of `file`; resolves to `file`. */
export async function writePicture(file: string, options: PictureOptions = {}): Promise<string> {
  const { data, width, height, channels } = photo(options);
  let picture = sharp(data, { raw: { width, height, channels } });
  const gray = channels <= 2;
  if (options.deep) picture = picture.toColourspace(gray ? 'grey16' : 'rgb16');
  else if (options.cmyk) picture = picture.toColourspace('cmyk');
  else if (gray) picture = picture.toColourspace('b-w');
  const { orientation, density, profile, exif, xmp } = options;
  if (orientation || density) {
    picture = picture.withMetadata({
      ...(orientation ? { orientation } : {}),
      ...(density ? { density } : {}),
    });
  }
  // sharp would take the colours to sRGB where metadata are kept.
  if (options.cmyk) picture = picture.withIccProfile('cmyk');
  if (profile) picture = picture.withIccProfile(profile);
  if (exif) picture = picture.withExifMerge(exif);
  if (xmp) picture = picture.withXmp(xmp);
  await inFormat(picture, extname(file).toLowerCase(), options).toFile(file);
  return file;
}

function inFormat(picture: Sharp, extension: string, { palette, quality, deep }: PictureOptions): Sharp {
  const lossy = quality === undefined ? {} : { quality };
  switch (extension) {
    case '.jpg':
    case '.jpeg':
      return picture.jpeg(lossy);
    case '.png':
      return picture.png({ palette: palette === true });
    case '.webp':
      return picture.webp(lossy);
    case '.tif':
    case '.tiff':
      return picture.tiff({ compression: 'lzw' });
    case '.avif':
      return picture.avif({ ...lossy, effort: 0, bitdepth: deep ? 10 : 8 });
    case '.gif':
      return picture.gif();
    default:
      throw new Error(`No picture can be written to a file that ends in '${extension}'.`);
  }
}

/** A GIF that shows `frames` pictures one after the other; the first is `photo()`. */
export async function writeAnimation(file: string, frames: number): Promise<string> {
  const pictures = Array.from({ length: frames }, (_, index) => photo({ seed: index + 1 }));
  const { width, height, channels } = photo();
  const strip = Buffer.concat(pictures.map(({ data }) => data as Uint8Array));
  const raw = { width, height: height * frames, channels, pageHeight: height };
  await sharp(strip, { raw }).gif().toFile(file);
  return file;
}

/** Cuts `file` off after `fraction` of its bytes, as a broken download does. */
export async function cutShort(file: string, fraction = 0.5): Promise<string> {
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * fraction)));
  return file;
}

/** The samples of a picture file as they are stored, upright, no profile applied. */
export async function readPicture(file: string): Promise<RawPicture> {
  const { depth, space, channels: bands } = await sharp(file).metadata();
  const deep = depth === 'ushort';
  const gray = space === 'b-w' || space === 'grey16';
  // sharp drops the alpha of gray pictures of 8 bits from raw samples; as RGB they keep it.
  const spread = gray && bands === 2 && !deep;
  const { data, info } = await sharp(file, { pages: 1 })
    .autoOrient()
    .keepIccProfile()
    .toColourspace(gray && !spread ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const samples = deep ? new Uint16Array(bytes) : new Uint8Array(bytes);
  return {
    data: spread ? samples.filter((_, index) => index % 4 === 0 || index % 4 === 3) : samples,
    width: info.width,
    height: info.height,
    channels: spread ? 2 : (info.channels as RawPicture['channels']),
  };
}

/** Numbers in 0..1 that are the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
