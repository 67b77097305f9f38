import { copyFile, open, rm } from 'node:fs/promises';
import sharp, { type Raw, type Sharp, type SharpOptions } from 'sharp';
import { canBeDeep, DEFAULT_QUALITY, type OutputFormat } from '../../shared/formats.ts';
import { readAlpha } from './alpha.ts';
import { encodeError } from './libvips.ts';
import { finishCarrier } from './metadata/finish-carrier.ts';
import { finishResult } from './metadata/finish-result.ts';
import { isGray, join, type SampleArray } from './planes.ts';

interface Written {
  /** Scratch frame with the metadata; it stays as it is. */
  carrier: string;
  /** Pixels of the result. */
  width: number;
  height: number;
  bands: number;
  deep: boolean;
  resolution: [number, number];
  format: OutputFormat;
  quality: number | undefined;
  /** Leaves out where the picture was taken. */
  removeGps?: boolean | undefined;
  /** The file that is written; removed again if writing fails. */
  temporary: string;
}

/** A result in pool memory, its samples where `joinBands` puts them. */
export interface EncodeWork extends Written {
  buffer: SharedArrayBuffer;
  /** Bytes (FrameLayout). */
  joined: number;
}

/** A result in pool memory as the network left it. */
export interface JoinWork
  extends Pick<EncodeWork, 'buffer' | 'joined' | 'width' | 'height' | 'bands' | 'deep'> {
  /** Bytes: where the network's RGB lies (FrameLayout). */
  result: number;
  /** Scratch frame with the result's alpha, if any of it shows. */
  alpha: string | undefined;
}

/** A result in a scratch file (raw-tiff.ts). */
export interface EncodeFrameWork extends Written {
  frame: string;
}

/** Writes a result with the metadata of its source. */
export async function encode(work: EncodeWork): Promise<void> {
  const { width, height, bands } = work;
  const raw = { width, height, channels: bands as 1 | 2 | 3 | 4 };
  await write(work, [asBuffer(fileSamples(work)), { raw }]);
}

/** Writes a result from its scratch file: the same file as from memory, for the same samples. */
export async function encodeFrame(work: EncodeFrameWork): Promise<void> {
  await write(work, [work.frame, { sequentialRead: true }]);
}

type Operand = [samples: Buffer | string, options: SharpOptions];

async function write(work: Written, [samples, options]: Operand): Promise<void> {
  // Whoever looks at the result while it is written reads the carrier, too.
  const carrier = `${work.carrier}.finished.v`;
  try {
    const kind = { ...work, removeGps: work.removeGps ?? false };
    await copyFile(work.carrier, carrier);
    const rest = await finishCarrier(carrier, kind);
    let picture = sharp(carrier);
    if (work.width > 1 || work.height > 1) {
      picture = picture.extend({ right: work.width - 1, bottom: work.height - 1, extendWith: 'copy' });
    }
    // sharp's types know the raw description alone; all that describes an input is taken.
    picture = picture.boolean(samples, 'or', { ...options, limitInputPixels: false } as { raw: Raw });
    picture = picture.toColourspace(spaceOf(work)).keepMetadata();
    await inFormat(picture, work, rest.bitsPerSample).toFile(work.temporary);
    await finishResult(work.temporary, kind, rest);
    await syncFile(work.temporary);
  } catch (error) {
    // Whatever keeps it from going, the first error is the one to tell.
    await rm(work.temporary, { force: true }).catch(() => {});
    throw encodeError(error, work.temporary);
  } finally {
    await rm(carrier, { force: true });
  }
}

/** sharp's types know Buffers; what it takes are views of either sample type, shared memory included. */
const asBuffer = (samples: SampleArray) => samples as unknown as Buffer;

function spaceOf({ bands, deep, format }: Written): string {
  const deepResult = deep && canBeDeep(format);
  if (isGray(bands)) return deepResult ? 'grey16' : 'b-w';
  return deepResult ? 'rgb16' : 'srgb';
}

/** Rows are joined with their alpha so many pixels at a time. */
const JOINED_AT_ONCE = 4e6;

/**
 * Makes the file's bands of the network's RGB and the alpha, in place: what was at `result` is gone then. Resolves to the
 * bytes that were copied.
 */
export async function joinBands(work: JoinWork): Promise<{ copied: number }> {
  const { width, height, bands, alpha } = work;
  if (bands === 3) return { copied: 0 };
  const samples = fileSamples(work);
  const rgb = fileSamples({ ...work, joined: work.result, bands: 3 });
  const step = Math.ceil(JOINED_AT_ONCE / width);
  for (let top = 0; top < height; top += step) {
    const rows = Math.min(step, height - top);
    const opacity = alpha === undefined ? undefined : await readAlpha(alpha, work, { top, rows });
    const [from, pixels] = [top * width, rows * width];
    join(rgb.subarray(3 * from, 3 * (from + pixels)), opacity, bands, pixels, samples.subarray(bands * from));
  }
  return { copied: samples.byteLength };
}

function fileSamples({
  buffer,
  joined,
  width,
  height,
  bands,
  deep,
}: Pick<EncodeWork, 'buffer' | 'joined' | 'width' | 'height' | 'bands' | 'deep'>): SampleArray {
  const length = width * height * bands;
  return deep ? new Uint16Array(buffer, joined, length) : new Uint8Array(buffer, joined, length);
}

/** TIFF's offsets have 32 bits; from here on it takes the 64-bit form. */
const LARGEST_CLASSIC_TIFF = 3.5e9;

/**
 * Pixels. Tables fitted to a JPEG make it a few per cent smaller, but libjpeg holds the whole picture for it, six
 * bytes a pixel.
 */
const LARGEST_OPTIMISED_JPEG = 32e6;

function inFormat(picture: Sharp, work: Written, sourceBits: number): Sharp {
  const quality = work.quality;
  switch (work.format) {
    case 'jpeg':
      return picture.jpeg({
        quality: quality ?? DEFAULT_QUALITY.jpeg,
        chromaSubsampling: '4:4:4',
        optimiseCoding: work.width * work.height <= LARGEST_OPTIMISED_JPEG,
      });
    case 'png':
      return picture.png();
    case 'webp':
      return picture.webp({ quality: quality ?? DEFAULT_QUALITY.webp, smartSubsample: true });
    case 'avif':
      // One step more effort takes seven times as long, and the files are no smaller.
      return picture.avif({
        quality: quality ?? DEFAULT_QUALITY.avif,
        effort: 3,
        bitdepth: work.deep ? (sourceBits === 12 ? 12 : 10) : 8,
      });
    case 'tiff': {
      const [xres, yres] = work.resolution;
      const bytes = work.width * work.height * work.bands * (work.deep ? 2 : 1);
      return picture.tiff({
        compression: 'lzw',
        predictor: 'horizontal',
        bigtiff: bytes > LARGEST_CLASSIC_TIFF,
        ...(xres > 0 && yres > 0 ? { xres, yres } : {}),
      });
    }
  }
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}
