import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { type Cicp, isTelling } from './cicp.ts';
import { readColourCode } from './colour-code.ts';
import { type ExifBlock, MAKER_NOTE, readExif, SOFTWARE } from './exif-block.ts';
import { exifResolution } from './exif-resolution.ts';
import { fileReader } from './file-edit.ts';
import { hasGainMap } from './gain-map.ts';
import type { Tag } from './ifd.ts';
import { iimOf, PNG_IPTC, rawProfileBytes } from './iptc.ts';
import { iptcProperties } from './iptc-in-xmp.ts';
import { unmovedMakerNote } from './maker-note.ts';
import { isStructural, readTiffMetadata } from './tiff-metadata.ts';
import { isCompanion, isGainMap, isPlace, propertyName, xmpProperties } from './xmp.ts';

/** What a file has of metadata, in words that mean the same for every format. */
export interface MetadataFacts {
  /** Tags that say something of the picture, such as `ifd0 10f`; those of places are apart. */
  exif: string[];
  /** SHA-256 of the maker note, wherever it lies. */
  makerNote?: string | undefined;
  /** SHA-256 of the thumbnail. */
  thumbnail?: string | undefined;
  software?: string | undefined;
  /** Says where the picture was taken. */
  gps: boolean;
  /** Names of properties, those of places apart; undefined without XMP. */
  xmp?: string[] | undefined;
  iptc?: IptcFacts | undefined;
  /** Texts of a PNG. */
  texts: number;
  /** Colours stated as numbers, where the file would be seen wrong without them. */
  colours?: Cicp | undefined;
  gainMap: boolean;
  /** What a carrier had no room for, as libvips calls it. */
  oversized?: string[] | undefined;
  /** Dots an inch. */
  resolution?: number | undefined;
}

interface IptcFacts {
  sha256: string;
  /** The properties of XMP that can say the same, and whether they can say all of it. */
  properties: string[];
  complete: boolean;
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Reads what `path` has of metadata; `metadata` is what sharp says of it. */
export async function readMetadataFacts(path: string, metadata: Metadata): Promise<MetadataFacts> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const read = fileReader(file, size);
  const tiff = await readTiffMetadata(read);
  const stored = metadata.exif ?? tiff?.exif;
  const block = stored && (await readExif(stored));
  const comments = metadata.comments ?? [];
  const inText = comments.find(({ keyword }) => keyword === PNG_IPTC)?.text;
  const iptc = tiff?.iptc ?? metadata.iptc ?? (inText === undefined ? undefined : rawProfileBytes(inText));
  const properties = metadata.xmp && (xmpProperties(metadata.xmp) ?? [sha256(metadata.xmp)]);
  const colours = await readColourCode(read, size);
  return {
    ...exifFacts(block),
    gps: hasPlace(block) || (properties?.some(isPlace) ?? false),
    xmp: properties?.filter((name) => !isPlace(name) && !isCompanion(name)),
    iptc: iptc && iptcFacts(iptc),
    texts: comments.filter(({ keyword }) => !keyword.startsWith('Raw profile type')).length,
    colours: isTelling(colours, metadata.icc !== undefined) ? colours : undefined,
    gainMap: (properties?.some(isGainMap) ?? false) || (await hasGainMap(read, size)),
    resolution: metadata.density ?? exifResolution(block)?.[0],
  };
}

const GPS_VERSION = 0;
const hasPlace = (block: ExifBlock | undefined) => block?.gps.some(({ tag }) => tag !== GPS_VERSION) ?? false;

/** Written for every result anew, or of no meaning: padding, and what says how samples are coded. */
const NO_FACTS = new Set([SOFTWARE, 0xea1c, 0xea1d, 0x0118, 0x0119]);

function exifFacts(
  block: ExifBlock | undefined,
): Pick<MetadataFacts, 'exif' | 'makerNote' | 'thumbnail' | 'software'> {
  if (!block) return { exif: [] };
  const named = (name: string, tags: readonly Tag[]) =>
    tags.filter(({ tag }) => !NO_FACTS.has(tag)).map(({ tag }) => `${name} ${tag.toString(16)}`);
  const note = block.exif.find(({ tag }) => tag === MAKER_NOTE);
  const software = block.ifd0.find(({ tag }) => tag === SOFTWARE)?.value.toString('utf8');
  const first = block.ifd0.filter(({ tag }) => !isStructural(tag));
  return {
    exif: [
      ...named('ifd0', first),
      ...named('exif', block.exif),
      ...named('interop', block.interoperability),
    ],
    makerNote: note && sha256(unmovedMakerNote(note.value, note.at)),
    thumbnail: block.thumbnail && sha256(block.thumbnail),
    software: software?.replaceAll('\0', '').trim(),
  };
}

function iptcFacts(bytes: Buffer): IptcFacts | undefined {
  const iim = iimOf(bytes);
  if (!iim) return undefined;
  const { properties, complete } = iptcProperties(iim);
  return {
    sha256: sha256(iim),
    properties: properties.map(({ uri, local }) => propertyName(uri, local)),
    complete,
  };
}
