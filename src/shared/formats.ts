/** What Enlarger knows of each picture format that it writes. Pure data, and questions about it. */

export type OutputFormat = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff';

export const OUTPUT_FORMATS: readonly OutputFormat[] = ['jpeg', 'png', 'webp', 'avif', 'tiff'];

interface FormatTraits {
  /** The first is the canonical one; all of them are kept when a source already carries them. */
  extensions: readonly string[];
  /** Longest side in pixels that the format or its encoder can hold. */
  maxSide: number;
  alpha: boolean;
  /** True if more than eight bits a sample can be written. */
  deep: boolean;
  /** Memory in bytes a pixel, measured, of an encoder that holds the whole picture; others take it row by row. */
  held?: { shallow: number; deep: number };
}

const TRAITS: Record<OutputFormat, FormatTraits> = {
  jpeg: { extensions: ['jpg', 'jpeg', 'jpe', 'jfif'], maxSide: 65_500, alpha: false, deep: false },
  png: { extensions: ['png'], maxSide: 2 ** 31 - 1, alpha: true, deep: true },
  webp: {
    extensions: ['webp'],
    maxSide: 16_383,
    alpha: true,
    deep: false,
    held: { shallow: 17, deep: 17 },
  },
  avif: {
    extensions: ['avif'],
    maxSide: 16_384,
    alpha: true,
    deep: true,
    held: { shallow: 36, deep: 52 },
  },
  tiff: { extensions: ['tif', 'tiff'], maxSide: 2 ** 31 - 1, alpha: true, deep: true },
};

/** Default quality of the lossy formats, chosen where a difference at 1:1 is no longer seen on photographs. */
export const DEFAULT_QUALITY = { jpeg: 92, webp: 90, avif: 70 } as const satisfies Partial<
  Record<OutputFormat, number>
>;

/** Extensions (lower case, no dot) that a folder walk takes for photographs. */
export const INPUT_EXTENSIONS: ReadonlySet<string> = new Set([
  ...OUTPUT_FORMATS.flatMap((format) => TRAITS[format].extensions),
  'gif',
  'bmp',
  'heic',
  'heif',
]);

export interface Size {
  width: number;
  height: number;
}

export interface FormatChoice {
  format: OutputFormat;
  /** Why the result is not in the format that was asked for; absent where it is. */
  because?: string;
}

export interface Picture {
  alpha: boolean;
  deep: boolean;
}

/**
 * The format of a result.
 *
 * `asked` is a format or `keep`, `source` what the source is in (as sharp names it), `size` that of the
 * result in pixels, `memory` what an encoder may take, in bytes. A format that cannot hold the result, or whose
 * encoder would take more than that, gives way to one that can, and says why.
 */
export function chooseFormat(
  asked: OutputFormat | 'keep',
  source: string,
  size: Size,
  picture: Picture,
  memory = Number.POSITIVE_INFINITY,
): FormatChoice {
  const kept = written(source);
  const wanted = asked !== 'keep' ? asked : (kept ?? successor(source, picture));
  const because = unfit(wanted, size, picture, memory);
  if (because) return { format: standIn(wanted, size, picture), because };
  if (asked === 'keep' && !kept) return { format: wanted, because: `Enlarger does not write ${source}` };
  return { format: wanted };
}

/** Why `format` cannot hold a result; undefined if it can. */
function unfit(
  format: OutputFormat,
  size: Size,
  { alpha, deep }: Picture,
  memory: number,
): string | undefined {
  const traits = TRAITS[format];
  const longest = longestSide(size);
  if (longest > traits.maxSide) {
    return `${format} ends at ${traits.maxSide} pixels a side and this result has ${longest}`;
  }
  if (alpha && !traits.alpha) return `${format} has no transparency and this picture has`;
  const needed = size.width * size.height * (traits.held?.[deep ? 'deep' : 'shallow'] ?? 0);
  if (needed <= memory) return undefined;
  return `its encoder would take ${gigabytes(needed)} of memory, and the budget leaves it ${gigabytes(memory)}`;
}

/** A format without bounds of its own: lossless for what is transparent, deep, or too long for JPEG. */
function standIn(wanted: OutputFormat, size: Size, { alpha, deep }: Picture): OutputFormat {
  if (wanted === 'jpeg' && longestSide(size) <= TRAITS.jpeg.maxSide) return 'png';
  const lossy = !alpha && !deep && longestSide(size) <= TRAITS.jpeg.maxSide;
  return lossy ? 'jpeg' : deep ? 'tiff' : 'png';
}

const longestSide = ({ width, height }: Size) => Math.max(width, height);
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

function written(source: string): OutputFormat | undefined {
  return OUTPUT_FORMATS.find((format) => format === source);
}

/**
 * What a source becomes that is read but not written. GIF and BMP were lossless, and stay so. HEIC is what a
 * camera wrote instead of a JPEG; its ten bits, where it has them, a JPEG could not hold.
 */
function successor(source: string, { deep }: { deep: boolean }): OutputFormat {
  if (source !== 'heic') return 'png';
  return deep ? 'tiff' : 'jpeg';
}

/** The extension (no dot) for `format`: the source's own where it fits, letter case kept. */
export function extensionFor(format: OutputFormat, sourceExtension: string): string {
  const { extensions } = TRAITS[format];
  return extensions.includes(sourceExtension.toLowerCase()) ? sourceExtension : (extensions[0] as string);
}

export function canBeDeep(format: OutputFormat): boolean {
  return TRAITS[format].deep;
}
