import sharp, { type Metadata } from 'sharp';
import { EnlargerError } from '../../../shared/errors.ts';
import { heicError, LARGEST_HEIC } from './heic-refusal.ts';

/** libvips reads the headers and the metadata of HEIC files, and not their pixels. */
export function isHeic({ format, compression }: Metadata): boolean {
  return format === 'heif' && compression === 'hevc';
}

/**
 * The metadata of the primary picture of a HEIC file. `first` is that of its first picture, which libvips
 * opens unless told otherwise. Throws `too-large`, naming `source`.
 */
export async function heicHeader(source: string, first: Metadata): Promise<Metadata> {
  const page = first.pagePrimary ?? 0;
  const header =
    page === 0 ? { ...first } : await sharp(source, { page, limitInputPixels: false }).metadata();
  // The file says itself how it is turned; what EXIF says of it is history.
  delete header.orientation;
  const pixels = header.width * header.height;
  if (pixels <= LARGEST_HEIC) return header;
  throw heicError(new EnlargerError('too-large', `${Math.ceil(pixels / 1e6)} megapixels`), source);
}
