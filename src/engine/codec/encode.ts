import { open, rm } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { canBeDeep, type OutputFormat } from '../../shared/formats.ts';
import { encodeError } from './libvips.ts';
import { isGray, join, type SampleArray } from './planes.ts';

export interface EncodeWork {
  carrier: string;
  buffer: SharedArrayBuffer;
  /** Bytes: where the network's RGB lies, and where the file's bands go (FrameLayout). */
  result: number;
  joined: number;
  /** Bytes: the source's alpha, if it has any that shows. */
  alpha: number | undefined;
  /** Pixels of the result. */
  width: number;
  height: number;
  scale: number;
  bands: number;
  deep: boolean;
  resolution: [number, number];
  format: OutputFormat;
  quality: number | undefined;
  /** The file that is written; removed again if writing fails. */
  temporary: string;
}

/** Default quality by format, chosen where a difference at 1:1 is no longer seen on photographs. */
const QUALITY = { jpeg: 92, webp: 90, avif: 70 };

/** Writes the result with the metadata of its source. Resolves to the bytes copied on the way. */
export async function encode(work: EncodeWork): Promise<{ copied: number }> {
  try {
    const { samples, copied } = await fileBands(work);
    const { width, height, bands } = work;
    let picture = sharp(work.carrier);
    if (width > 1 || height > 1) {
      picture = picture.extend({ right: width - 1, bottom: height - 1, extendWith: 'copy' });
    }
    const raw = { width, height, channels: bands as 1 | 2 | 3 | 4 };
    picture = picture
      .boolean(asBuffer(samples), 'or', { raw, limitInputPixels: false } as { raw: typeof raw })
      .toColourspace(spaceOf(work))
      .keepMetadata();
    await inFormat(picture, work).toFile(work.temporary);
    await syncFile(work.temporary);
    return { copied };
  } catch (error) {
    // Whatever keeps it from going, the first error is the one to tell.
    await rm(work.temporary, { force: true }).catch(() => {});
    throw encodeError(error, work.temporary);
  }
}

/** sharp's types know Buffers; what it takes are views of either sample type, shared memory included. */
const asBuffer = (samples: SampleArray) => samples as unknown as Buffer;

function spaceOf({ bands, deep, format }: EncodeWork): string {
  const deepResult = deep && canBeDeep(format);
  if (isGray(bands)) return deepResult ? 'grey16' : 'b-w';
  return deepResult ? 'rgb16' : 'srgb';
}

async function fileBands(work: EncodeWork): Promise<{ samples: SampleArray; copied: number }> {
  const { buffer, width, height, bands, deep } = work;
  const pixels = width * height;
  const view = (offset: number, length: number) =>
    deep ? new Uint16Array(buffer, offset, length) : new Uint8Array(buffer, offset, length);
  const samples = view(work.joined, pixels * bands);
  if (bands === 3) return { samples, copied: 0 };
  const alpha = work.alpha === undefined ? undefined : await enlargedAlpha(work, view);
  join(view(work.result, pixels * 3), alpha, bands, pixels, samples);
  return { samples, copied: samples.byteLength };
}

/** Alpha by bicubic interpolation: soft edges stay soft, and nothing is invented. */
async function enlargedAlpha(
  work: EncodeWork,
  view: (offset: number, length: number) => SampleArray,
): Promise<SampleArray> {
  const [width, height] = [work.width / work.scale, work.height / work.scale];
  const source = view(work.alpha as number, width * height);
  const { data } = await sharp(asBuffer(source), {
    raw: { width, height, channels: 1 },
    limitInputPixels: false,
  })
    .resize(work.width, work.height, { kernel: 'cubic', fit: 'fill' })
    .toColourspace(work.deep ? 'grey16' : 'b-w')
    .raw({ depth: work.deep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return work.deep
    ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** TIFF's offsets have 32 bits; from here on it takes the 64-bit form. */
const LARGEST_CLASSIC_TIFF = 3.5e9;

function inFormat(picture: Sharp, work: EncodeWork): Sharp {
  const quality = work.quality;
  switch (work.format) {
    case 'jpeg':
      return picture.jpeg({ quality: quality ?? QUALITY.jpeg, chromaSubsampling: '4:4:4' });
    case 'png':
      return picture.png();
    case 'webp':
      return picture.webp({ quality: quality ?? QUALITY.webp, smartSubsample: true });
    case 'avif':
      // One step more effort takes seven times as long, and the files are no smaller.
      return picture.avif({ quality: quality ?? QUALITY.avif, effort: 3, bitdepth: work.deep ? 10 : 8 });
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
