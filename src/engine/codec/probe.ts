import type { Metadata } from 'sharp';
import type { Probe } from '../../shared/engine-protocol.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { readBitmapHeader } from './bitmap.ts';
import { heicHeader, isHeic } from './heic/heic-header.ts';
import { inspect } from './inspect.ts';
import { type LabHeader, readLabHeader } from './lab/lab-header.ts';
import { decodeError, LARGEST_HELD, openPicture } from './libvips.ts';

/** The formats that can be decoded, as they are named to the user. */
const READABLE = new Set(['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif', 'heic']);

/** Formats whose decoders hold the whole picture in memory. */
const HELD_WHOLE = new Set(['webp', 'avif', 'heic', 'gif']);

/** Reads the header of a picture: what it is, not whether its pixels are sound. */
export async function probe(source: string): Promise<Probe> {
  try {
    await inspect(source);
    const bitmap = await readBitmapHeader(source);
    if (bitmap) return { format: 'bmp', ...bitmap, alpha: false, deep: false, pages: 1 };
    const lab = await readLabHeader(source);
    if (lab) return probeOfLab(lab);
    const metadata = await openPicture(source).metadata();
    return probeOf(isHeic(metadata) ? await heicHeader(source, metadata) : metadata, source);
  } catch (error) {
    throw decodeError(error, source);
  }
}

/** What `metadata` says of `source`; throws `unsupported-format` for what cannot be decoded. */
export function probeOf(metadata: Metadata, source: string): Probe {
  const format = formatOf(metadata);
  if (!READABLE.has(format)) {
    const name = format === 'heif' ? 'such HEIF' : format;
    throw new EnlargerError(
      'unsupported-format',
      `${source}: ${name} pictures cannot be read yet. Save it as JPEG, PNG or TIFF and add that.`,
      { file: source },
    );
  }
  expectHoldable(metadata, format, source);
  return {
    format,
    ...uprightSize(metadata),
    alpha: metadata.hasAlpha,
    deep: isDeep(metadata),
    pages: metadata.pages ?? 1,
  };
}

function probeOfLab(header: LabHeader): Probe {
  const { bands, deep, pages } = header;
  return { format: 'tiff', ...uprightSize(header), alpha: bands === 4, deep, pages };
}

type Turned = Pick<Metadata, 'width' | 'height' | 'orientation'>;

function uprightSize({ width, height, orientation = 1 }: Turned): Pick<Probe, 'width' | 'height'> {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/** Interlaced and progressive pictures are held whole, too: a file of some kilobytes could fill the memory. */
function expectHoldable(metadata: Metadata, format: string, source: string): void {
  if (!HELD_WHOLE.has(format) && !metadata.isProgressive) return;
  if (metadata.width * metadata.height <= LARGEST_HELD) return;
  const kind = metadata.isProgressive ? `Interlaced or progressive ${format}` : format;
  throw new EnlargerError(
    'too-large',
    `${source}: too large. ${kind} pictures of up to ${Math.floor(LARGEST_HELD / 1e6)} megapixels can be ` +
      'opened. Save it as TIFF and add that.',
    { file: source },
  );
}

/** HEIF is a container: what is in it makes the format. */
function formatOf({ format, compression }: Metadata): string {
  if (format !== 'heif') return format;
  return compression === 'av1' ? 'avif' : compression === 'hevc' ? 'heic' : format;
}

export function isDeep(metadata: Metadata): boolean {
  return metadata.depth !== 'uchar' && metadata.depth !== 'char';
}
