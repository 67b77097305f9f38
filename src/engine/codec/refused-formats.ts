import { extname } from 'node:path';
import { type RefusedKind, refusedByExtension } from '../../shared/refused-formats.ts';
import type { FileWindow } from './file-window.ts';
import { isTiff, readFirstDirectory } from './tiff-directory.ts';

/** How the files begin that are known and not read, in hexadecimal; and at which byte that stands. */
const SIGNATURES: readonly (readonly [kind: RefusedKind, at: number, hex: string])[] = [
  ['jpeg-xl', 0, 'ff0a'],
  ['jpeg-xl', 0, '0000000c4a584c200d0a870a'],
  ['jpeg-2000', 0, '0000000c6a5020200d0a870a'],
  ['jpeg-2000', 0, 'ff4fff51'],
  ['photoshop', 0, hexOf('8BPS')],
  ['layered', 0, hexOf('gimp xcf')],
  ['document', 0, hexOf('%PDF')],
  ['document', 0, hexOf('%!PS')],
  ['document', 0, 'c5d0d3c6'],
  ['high-range', 0, '762f3101'],
  ['high-range', 0, hexOf('#?RADIANCE')],
  ['high-range', 0, hexOf('#?RGBE')],
  ['icon', 0, '00000100'],
  ['icon', 0, '00000200'],
  ['camera-raw', 4, hexOf('ftypcrx ')],
  ['video', 4, hexOf('ftypqt')],
  ['video', 4, hexOf('ftypisom')],
  ['video', 4, hexOf('ftypmp4')],
  ['camera-raw', 0, hexOf('FUJIFILMCCD-RAW')],
  ['camera-raw', 0, hexOf('IIU\0')],
  ['camera-raw', 0, hexOf('IIRO')],
  ['camera-raw', 0, hexOf('IIRS')],
  ['camera-raw', 0, hexOf('MMOR')],
  ['camera-raw', 0, hexOf('FOVb')],
  ['camera-raw', 0, hexOf('\0MRM')],
  ['camera-raw', 6, hexOf('HEAPCCDR')],
  // Canon and Phase One write TIFFs, and say so here that these are none to be read as such.
  ['camera-raw', 8, hexOf('CR\u0002')],
  ['camera-raw', 8, hexOf('IIII')],
];

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

/**
 * What the file at `source` is, if it is of a kind that is refused by name. What it holds decides, not what
 * it is called; only raw files that look like ordinary TIFFs are known by their extension.
 */
export async function refusedFormat(source: string, window: FileWindow): Promise<RefusedKind | undefined> {
  const head = Buffer.from(await window.bytes(0, 1024));
  const hex = head.toString('hex', 0, 32);
  const known = SIGNATURES.find(([, at, signature]) => hex.startsWith(signature, 2 * at));
  if (known) return known[0];
  if (isSvg(head.toString('utf8'))) return 'drawing';
  if (!isTiff(head)) return undefined;
  const named = refusedByExtension(extname(source).slice(1));
  if (named === 'camera-raw') return named;
  return isRawTiff(await readFirstDirectory(window)) ? 'camera-raw' : undefined;
}

function isSvg(text: string): boolean {
  return /^\ufeff?\s*<(\?xml|!--|!DOCTYPE svg|svg)/.test(text) && text.includes('<svg');
}

const NEW_SUBFILE_TYPE = 254;
const REDUCED = 1;
const SUB_DIRECTORIES = 330;
const DNG_VERSION = 50_706;

/**
 * A raw file begins with a thumbnail and hides the exposure in a directory below it; enlarging the thumbnail
 * would be a result, and the wrong one. Sources: DNG 1.7, TIFF/EP (ISO 12234-2).
 */
function isRawTiff(fields: ReadonlyMap<number, number> = new Map()): boolean {
  if (fields.has(DNG_VERSION)) return true;
  return ((fields.get(NEW_SUBFILE_TYPE) ?? 0) & REDUCED) !== 0 && fields.has(SUB_DIRECTORIES);
}
