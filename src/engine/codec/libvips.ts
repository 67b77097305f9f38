import { extname } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';
import { refusalOf, refusedByExtension } from '../../shared/refused-formats.ts';

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
/** Largest picture whose decoder holds it whole in memory, in pixels: the largest side of WebP and AVIF, squared. */
export const LARGEST_HELD = 16_384 * 16_384;

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: DECODERS });
// Scratch files are read once, and one of the same name may follow: nothing of them is worth keeping.
sharp.cache(false);
// Pictures are decoded and encoded beside each other; a thread each is what their codecs use anyway.
sharp.concurrency(1);

/**
 * Opens a user's picture, the first page only. With `warning`, libvips gives up over what it would otherwise
 * pass over.
 */
export function openPicture(source: string, failOn: 'error' | 'warning' = 'error'): Sharp {
  return sharp(source, { failOn, limitInputPixels: LARGEST_INPUT, pages: 1 });
}

/** Opens a TIFF, the first page only, for its samples alone: no profile gives them another meaning. */
export function openSamples(file: string): Sharp {
  return sharp(file, { failOn: 'error', limitInputPixels: LARGEST_INPUT, pages: 1, ignoreIcc: true });
}

/**
 * Throws what libvips' refusal would become, for a picture whose header it does not read: `decode-failed` without any
 * pixels, `too-large` with too many. They name `source`.
 */
export function expectOpenable({ width, height }: { width: number; height: number }, source: string): void {
  if (width < 1 || height < 1) throw damaged(source, 'it has no size');
  if (width * height > LARGEST_INPUT) throw tooLarge(source);
}

/** What the JPEG decoder says when part of a picture is lost; it fills the hole with gray and goes on. */
const LOST = /premature end of|bad (Huffman|arithmetic) code|instead of RST/i;
/** What it says of things that nobody sees, such as bytes that belong to nothing. */
const UNSEEN = /extraneous bytes|JFIF revision|Adobe color transform/i;
const ATTEMPTS = 3;

/**
 * Decodes a JPEG by `attempt` so that one of which a part is lost fails, and one that is only untidy does not.
 * (Other formats fail over what is lost by themselves.)
 *
 * libvips knows one level for both, warnings, and tells them apart in words alone. These it keeps in one place
 * for all threads, where another file's failure may wipe them away: what is not understood is tried again.
 */
export async function wholeJpeg<T>(attempt: (failOn: 'error' | 'warning') => Promise<T>): Promise<T> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts++) {
    try {
      return await attempt('warning');
    } catch (error) {
      const message = messageOf(error);
      if (LOST.test(message) || isTimeout(message) || isDiskFull(error)) throw error;
      if (UNSEEN.test(message)) break;
    }
  }
  return attempt('error');
}

/**
 * Seconds that decoding a picture of this size may take, on the slowest machine that we know of. What takes
 * longer is made to: a file of some kilobytes can keep a decoder busy for hours.
 */
export function decodeSeconds({ width, height }: { width: number; height: number }): number {
  return Math.ceil(30 + (width * height) / 1e6);
}

/** Why libvips refused, as one clause in words: what the system said, else the last line with words in it. */
function reasonOf(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .map((line) => line.trim());
  const system = lines.find((line) => /^system error: (?!Unknown)/.test(line));
  if (system) return system.replace('system error: ', '');
  const last = lines.filter((line) => /\p{L}/u.test(line) && !/^unknown error$/i.test(line)).at(-1);
  if (last === undefined) return 'its data make no sense';
  // A path in front is that of the file, which is named already, or of another that failed at the same time.
  return last.replace(/^(Input file |[^:]*[/\\][^:]*: )/, '').replace(/:$/, '');
}

const isTimeout = (message: string) => /^timeout: /.test(message);

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
  if (isTimeout(messageOf(error))) {
    const words = 'decoding takes far longer than its size explains, and was given up.';
    const advice = 'If this machine was very busy, run it again; else save the picture anew.';
    return new EnlargerError('deadline-exceeded', `${source}: ${words} ${advice}`, details);
  }
  if (/unsupported image format|operation is blocked/.test(reason)) {
    const kind = refusedByExtension(extname(source).slice(1));
    if (kind) return refusalOf(source, kind);
    const advice = 'Enlarger reads JPEG, PNG, WebP, TIFF, AVIF, HEIC, GIF and BMP.';
    return new EnlargerError(
      'unsupported-format',
      `${source}: not a picture Enlarger can read. ${advice}`,
      details,
    );
  }
  if (/no known route from/.test(reason)) {
    const words = 'its samples are no colours that Enlarger knows.';
    const advice = 'Save it as RGB, in TIFF or PNG, and add that.';
    return new EnlargerError('unsupported-format', `${source}: ${words} ${advice}`, details);
  }
  if (/exceeds pixel limit/.test(reason)) return tooLarge(source, error);
  return damaged(source, reason, error);
}

function tooLarge(source: string, cause?: unknown): EnlargerError {
  const limit = `Pictures of up to ${LARGEST_INPUT / 1e6} megapixels can be opened.`;
  return new EnlargerError('too-large', `${source}: too large. ${limit}`, { file: source, cause });
}

/** The typed error for a source whose bytes are not what they should be; `reason` is a clause in words. */
export function damaged(source: string, reason: string, cause?: unknown): EnlargerError {
  const advice = 'The file is damaged or cut short; try to get it again from where it came.';
  return new EnlargerError('decode-failed', `${source}: cannot be read (${reason}). ${advice}`, {
    file: source,
    cause,
  });
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
