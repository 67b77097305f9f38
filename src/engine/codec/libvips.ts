import sharp, { type Sharp } from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';

/** Decoders that untrusted files may reach. All others (SVG, PDF, ImageMagick, …) stay shut. */
const DECODERS = [
  'VipsForeignLoadJpegFile',
  'VipsForeignLoadPngFile',
  'VipsForeignLoadWebpFile',
  'VipsForeignLoadTiffFile',
  'VipsForeignLoadNsgifFile',
  'VipsForeignLoadHeifFile',
  'VipsForeignLoadVipsFile',
];

/** Largest picture that is opened, in pixels. */
const LARGEST_INPUT = 1_000_000_000;

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: DECODERS });
// Scratch files are read once, and one of the same name may follow: nothing of them is worth keeping.
sharp.cache(false);
// Pictures are decoded and encoded beside each other; a thread each is what their codecs use anyway.
sharp.concurrency(1);

/** Opens a user's picture: the first page only, and no damage tolerated. */
export function openPicture(source: string): Sharp {
  return sharp(source, { failOn: 'error', limitInputPixels: LARGEST_INPUT, pages: 1 });
}

/** Why libvips refused, as one clause in words: what the system said, else the last line with words in it. */
function reasonOf(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .map((line) => line.trim());
  const system = lines.find((line) => /^system error: (?!Unknown)/.test(line));
  if (system) return system.replace('system error: ', '');
  const last = lines.filter((line) => /\p{L}/u.test(line)).at(-1);
  return last?.replace(/^Input file /, '') ?? 'unknown reason';
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** libvips' last word on a full disk is often that of the codec, which only knows that it could not write. */
const isDiskFull = (error: unknown) => /no space left|ENOSPC/i.test(messageOf(error));

/** The typed error for a source that could not be read. */
export function decodeError(error: unknown, source: string): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const reason = reasonOf(error);
  const details = { file: source, cause: error };
  if (isDiskFull(error)) {
    const advice = 'The disk for scratch files is full. Make room and run again.';
    return new EnlargerError('disk-full', `${source}: cannot be decoded. ${advice}`, details);
  }
  if (/^is missing/.test(reason)) {
    return new EnlargerError('not-found', `${source}: there is no such file any more.`, details);
  }
  if (/unsupported image format|operation is blocked/.test(reason)) {
    const advice = 'Enlarger reads JPEG, PNG, WebP, TIFF, AVIF, GIF and BMP.';
    return new EnlargerError(
      'unsupported-format',
      `${source}: not a picture Enlarger can read. ${advice}`,
      details,
    );
  }
  if (/exceeds pixel limit/.test(reason)) {
    const limit = `Pictures of up to ${LARGEST_INPUT / 1e6} megapixels can be opened.`;
    return new EnlargerError('too-large', `${source}: too large. ${limit}`, details);
  }
  const advice = 'The file is damaged or cut short; try to get it again from where it came.';
  return new EnlargerError('decode-failed', `${source}: cannot be read (${reason}). ${advice}`, details);
}

/** The typed error for a result that could not be written. */
export function encodeError(error: unknown, target: string): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const reason = reasonOf(error);
  const details = { file: target, cause: error };
  if (isDiskFull(error)) {
    return new EnlargerError('disk-full', `${target}: the disk is full. Make room and run again.`, details);
  }
  return new EnlargerError('encode-failed', `${target}: cannot be written (${reason}).`, details);
}
