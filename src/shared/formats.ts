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
}

const TRAITS: Record<OutputFormat, FormatTraits> = {
  jpeg: { extensions: ['jpg', 'jpeg', 'jpe', 'jfif'], maxSide: 65_500, alpha: false, deep: false },
  png: { extensions: ['png'], maxSide: 2 ** 31 - 1, alpha: true, deep: true },
  webp: { extensions: ['webp'], maxSide: 16_383, alpha: true, deep: false },
  avif: { extensions: ['avif'], maxSide: 16_384, alpha: true, deep: true },
  tiff: { extensions: ['tif', 'tiff'], maxSide: 2 ** 31 - 1, alpha: true, deep: true },
};

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

/**
 * The format of a result.
 *
 * `asked` is a format or `keep`, `source` what the source is in (as sharp names it), `size` that of the
 * result in pixels. A format that cannot hold the result gives way to one that can, and says why.
 */
export function chooseFormat(
  asked: OutputFormat | 'keep',
  source: string,
  size: Size,
  picture: { alpha: boolean; deep: boolean },
): FormatChoice {
  const lossless = picture.deep ? 'tiff' : 'png';
  const wanted = asked === 'keep' ? written(source) : asked;
  const longest = Math.max(size.width, size.height);
  // What is read but not written (GIF, BMP) was lossless, and stays so.
  if (!wanted) return { format: 'png', because: `Enlarger does not write ${source}` };
  const { maxSide, alpha } = TRAITS[wanted];
  if (longest > maxSide) {
    const format =
      picture.alpha || longest > TRAITS.jpeg.maxSide ? lossless : picture.deep ? lossless : 'jpeg';
    return { format, because: `${wanted} ends at ${maxSide} pixels a side and this result has ${longest}` };
  }
  if (picture.alpha && !alpha) {
    return { format: 'png', because: `${wanted} has no transparency and this picture has` };
  }
  return { format: wanted };
}

function written(source: string): OutputFormat | undefined {
  return OUTPUT_FORMATS.find((format) => format === source);
}

/** The extension (no dot) for `format`: the source's own where it fits, letter case kept. */
export function extensionFor(format: OutputFormat, sourceExtension: string): string {
  const { extensions } = TRAITS[format];
  return extensions.includes(sourceExtension.toLowerCase()) ? sourceExtension : (extensions[0] as string);
}

export function canBeDeep(format: OutputFormat): boolean {
  return TRAITS[format].deep;
}
