import type { Metadata } from 'sharp';
import type { Probe } from '../../shared/engine-protocol.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { readBitmapHeader } from './bitmap.ts';
import { decodeError, openPicture } from './libvips.ts';

/** The formats that can be decoded, as they are named to the user. */
const READABLE = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif']);

/** Reads the header of a picture: what it is, not whether its pixels are sound. */
export async function probe(source: string): Promise<Probe> {
  try {
    const bitmap = await readBitmapHeader(source);
    if (bitmap) return { format: 'bmp', ...bitmap, alpha: false, deep: false, pages: 1 };
    return probeOf(await openPicture(source).metadata(), source);
  } catch (error) {
    throw decodeError(error, source);
  }
}

/** What `metadata` says of `source`; throws `unsupported-format` for what cannot be decoded. */
export function probeOf(metadata: Metadata, source: string): Probe {
  const format = metadata.format === 'heif' && metadata.compression === 'av1' ? 'avif' : metadata.format;
  if (!READABLE.has(format)) {
    const name = format === 'heif' ? 'HEIC' : format;
    throw new EnlargerError(
      'unsupported-format',
      `${source}: ${name} pictures cannot be read yet. Save it as JPEG, PNG or TIFF and add that.`,
      { file: source },
    );
  }
  const turned = (metadata.orientation ?? 1) >= 5;
  return {
    format,
    width: turned ? metadata.height : metadata.width,
    height: turned ? metadata.width : metadata.height,
    alpha: metadata.hasAlpha,
    deep: isDeep(metadata),
    pages: metadata.pages ?? 1,
  };
}

export function isDeep(metadata: Metadata): boolean {
  return metadata.depth !== 'uchar' && metadata.depth !== 'char';
}
