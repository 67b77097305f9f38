import { open, rm } from 'node:fs/promises';
import sharp, { type Raw, type Sharp, type SharpOptions } from 'sharp';
import { canBeDeep, type OutputFormat } from '../../shared/formats.ts';
import { readAlpha } from './alpha.ts';
import { encodeError } from './libvips.ts';
import { finishCarrier } from './metadata/finish-carrier.ts';
import { finishResult } from './metadata/finish-result.ts';
import { isGray, join, type SampleArray } from './planes.ts';

interface Written {
  /** Scratch frame with the metadata. */
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

/** A result in pool memory. */
export interface EncodeWork extends Written {
  buffer: SharedArrayBuffer;
  /** Bytes: where the network's RGB lies, and where the file's bands go (FrameLayout). */
  result: number;
  joined: number;
  /** Scratch frame with the result's alpha, if any of it shows. */
  alpha: string | undefined;
}

/** A result in a scratch file (raw-tiff.ts). */
export interface EncodeFrameWork extends Written {
  frame: string;
}

/** Default quality by format, chosen where a difference at 1:1 is no longer seen on photographs. */
const QUALITY = { jpeg: 92, webp: 90, avif: 70 };

/** Writes a result with the metadata of its source. Resolves to the bytes copied on the way. */
export async function encode(work: EncodeWork): Promise<{ copied: number }> {
  let copied = 0;
  await write(work, async () => {
    const joined = await fileBands(work);
    copied = joined.copied;
    const { width, height, bands } = work;
    return [asBuffer(joined.samples), { raw: { width, height, channels: bands as 1 | 2 | 3 | 4 } }];
  });
  return { copied };
}

/** Writes a result from its scratch file: the same file as from memory, for the same samples. */
export async function encodeFrame(work: EncodeFrameWork): Promise<void> {
  await write(work, async () => [work.frame, { sequentialRead: true }]);
}

type Operand = [samples: Buffer | string, options: SharpOptions];

async function write(work: Written, operand: () => Promise<Operand>): Promise<void> {
  try {
    const kind = { ...work, removeGps: work.removeGps ?? false };
    const rest = await finishCarrier(work.carrier, kind);
    const [samples, options] = await operand();
    let picture = sharp(work.carrier);
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

async function fileBands(work: EncodeWork): Promise<{ samples: SampleArray; copied: number }> {
  const { buffer, width, height, bands, deep, alpha } = work;
  const view = (offset: number, length: number) =>
    deep ? new Uint16Array(buffer, offset, length) : new Uint8Array(buffer, offset, length);
  const samples = view(work.joined, width * height * bands);
  if (bands === 3) return { samples, copied: 0 };
  const rgb = view(work.result, width * height * 3);
  const step = Math.ceil(JOINED_AT_ONCE / width);
  for (let top = 0; top < height; top += step) {
    const rows = Math.min(step, height - top);
    const opacity = alpha === undefined ? undefined : await readAlpha(alpha, work, { top, rows });
    const [from, pixels] = [top * width, rows * width];
    join(rgb.subarray(3 * from, 3 * (from + pixels)), opacity, bands, pixels, samples.subarray(bands * from));
  }
  return { samples, copied: samples.byteLength };
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
        quality: quality ?? QUALITY.jpeg,
        chromaSubsampling: '4:4:4',
        optimiseCoding: work.width * work.height <= LARGEST_OPTIMISED_JPEG,
      });
    case 'png':
      return picture.png();
    case 'webp':
      return picture.webp({ quality: quality ?? QUALITY.webp, smartSubsample: true });
    case 'avif':
      // One step more effort takes seven times as long, and the files are no smaller.
      return picture.avif({
        quality: quality ?? QUALITY.avif,
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
