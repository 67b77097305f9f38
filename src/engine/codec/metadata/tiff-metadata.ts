import { EXIF_POINTER, GPS_POINTER, INTEROPERABILITY_POINTER, writeExif } from './exif-block.ts';
import { numberOf, type ReadAt, readTags, readTiffHeader, type Tag } from './ifd.ts';

export const IPTC_TAG = 33723;

/** Ranges of tags that say how this file holds its picture, or hold something that has a name of its own. */
const STRUCTURAL: readonly (readonly [number, number])[] = [
  [254, 266],
  [273, 284],
  [288, 293],
  [296, 297],
  [301, 301],
  [317, 325],
  [330, 347],
  [512, 532],
  [559, 559],
  [700, 700],
  [33550, 33550],
  [33723, 33723],
  [33922, 33922],
  [34264, 34264],
  [34377, 34377],
  [34665, 34665],
  [34675, 34675],
  [34735, 34737],
  [34853, 34853],
  [37724, 37724],
];
/** Types of 64 bits, which only BigTIFF knows. */
const LARGEST_CLASSIC_TYPE = 13;

/** Whether a tag of a first directory belongs to its file and not to the picture. */
export function isStructural(tag: number): boolean {
  return STRUCTURAL.some(([first, last]) => tag >= first && tag <= last);
}

/** What libvips does not read of a TIFF: EXIF, as a block that any format takes, and the whole of its IPTC. */
export async function readTiffMetadata(
  read: ReadAt,
): Promise<{ exif: Buffer | undefined; iptc: Buffer | undefined } | undefined> {
  const head = (await read(0, 16)) ?? (await read(0, 8));
  const header = head && readTiffHeader(head);
  if (!header) return undefined;
  const { littleEndian } = header;
  const first = await readTags(
    read,
    header.first,
    header,
    (tag) => !isStructural(tag) || [EXIF_POINTER, GPS_POINTER, IPTC_TAG].includes(tag),
  );
  const below = async (tags: Tag[], pointer: number) => {
    const at = numberOf(tags, pointer, littleEndian);
    return at ? readTags(read, at, header) : [];
  };
  const exif = await below(first, EXIF_POINTER);
  const block = {
    littleEndian,
    ifd0: first.filter(({ tag, type }) => !isStructural(tag) && type <= LARGEST_CLASSIC_TYPE),
    exif: exif.filter(({ tag, type }) => tag !== INTEROPERABILITY_POINTER && type <= LARGEST_CLASSIC_TYPE),
    gps: await below(first, GPS_POINTER),
    interoperability: await below(exif, INTEROPERABILITY_POINTER),
  };
  const any = block.ifd0.length + block.exif.length + block.gps.length > 0;
  return {
    exif: any ? writeExif(block) : undefined,
    iptc: first.find(({ tag }) => tag === IPTC_TAG)?.value,
  };
}
