import { open } from 'node:fs/promises';
import type { Metadata, Sharp } from 'sharp';
import { OVERSIZED_FIELD } from './carrier-fields.ts';
import { fieldsOfExif, type OpenCarrier, openCarrier, saveCarrier } from './carrier-file.ts';
import { cicpText, isTelling } from './cicp.ts';
import { readColourCode } from './colour-code.ts';
import { readExif, writeExif } from './exif-block.ts';
import { exifResolution, FRACTIONS, withResolution } from './exif-resolution.ts';
import { inUtf8 } from './exif-texts.ts';
import { fileReader } from './file-edit.ts';
import { PNG_IPTC, photoshopOf, rawProfileBytes, resourcesWithoutIim } from './iptc.ts';
import { thumbnailOf } from './thumbnail.ts';
import { readTiffMetadata } from './tiff-metadata.ts';

/** Fields of ours, which tell `finishCarrier` what it cannot see. libvips passes over them. */
export const COLOUR_FIELD = 'enlarger-colour-code';

export const TEXTS_FIELD = 'enlarger-texts';

interface Decoded {
  source: string;
  /** Scratch files: the upright pixels, and the one-pixel carrier that is completed. */
  pixels: string;
  carrier: string;
  metadata: Metadata;
}

/** libvips' way of saying that no resolution is known. */
const UNKNOWN = 1;
const ORIENTATION = 0x0112;
const MM_PER_INCH = 25.4;
const HORIZONTAL_AT = 32;
const VERTICAL_AT = 36;

/**
 * Has libvips keep what a carrier can hold. Texts of PNGs are not among it: a quotation mark in the name of one
 * would keep libvips busy for ever.
 */
export function keepForCarrier(picture: Sharp, { comments }: Metadata): Sharp {
  return comments ? picture.keepExif().keepXmp().keepIccProfile() : picture.keepMetadata();
}

/**
 * Adds to a carrier what libvips does not take from a source: EXIF and IPTC of TIFFs, IPTC of PNGs and of converted
 * pictures, the resolution that only EXIF states, the colour code. A thumbnail is made anew, from what was decoded.
 * Resolves to the resolution, pixels a millimetre, and the fields that were left out for their size.
 */
export async function completeCarrier(
  decoded: Decoded,
): Promise<{ resolution: [number, number]; oversized: string[] }> {
  const carrier = await openCarrier(decoded.carrier);
  const { fields, header } = carrier;
  await using file = await open(decoded.source, 'r');
  const { size } = await file.stat();
  const read = fileReader(file, size);
  const tiff = await readTiffMetadata(read);
  await completeExif(decoded, carrier, tiff?.exif);
  const { iptc, comments } = decoded.metadata;
  adoptIptc(carrier, tiff?.iptc ?? iptc ?? iptcText(comments));
  if (comments) fields.setText(TEXTS_FIELD, JSON.stringify(comments));
  const cicp = await readColourCode(read, size);
  if (isTelling(cicp, decoded.metadata.icc !== undefined)) fields.setText(COLOUR_FIELD, cicpText(cicp));
  if (fields.has('jpeg-thumbnail-data')) {
    fields.setBlob('jpeg-thumbnail-data', await thumbnailOf(decoded.pixels));
  }
  await saveCarrier(decoded.carrier, carrier);
  return {
    resolution: [header.readFloatLE(HORIZONTAL_AT), header.readFloatLE(VERTICAL_AT)],
    oversized: fields.text(OVERSIZED_FIELD)?.split(' ') ?? [],
  };
}

/**
 * EXIF as the source has it, not as libvips has written it meanwhile: in UTF-8, and without an orientation, which
 * has been applied.
 */
async function completeExif(
  { carrier: path, metadata }: Decoded,
  carrier: OpenCarrier,
  ofTiff: Buffer | undefined,
): Promise<void> {
  const stored = metadata.exif ?? ofTiff;
  const read = stored && (await readExif(stored));
  if (!read) return;
  const { fields, header } = carrier;
  const ifd0 = read.ifd0.filter(({ tag }) => tag !== ORIENTATION);
  const { block, translated } = inUtf8({ ...read, ifd0 });
  const dots = exifResolution(block);
  const known = header.readFloatLE(HORIZONTAL_AT) !== UNKNOWN;
  const exif = writeExif(known || !dots ? block : withResolution(block, dots));
  if (translated || !metadata.exif) {
    const parsed = await fieldsOfExif(path, exif);
    // A thumbnail has a directory of its own, which stays.
    fields.remove((name) => name.startsWith('exif-') && !name.startsWith('exif-ifd1-'));
    fields.adopt(parsed);
  }
  fields.setBlob('exif-data', exif);
  if (known || !dots) return;
  header.writeFloatLE(dots[0] / MM_PER_INCH, HORIZONTAL_AT);
  header.writeFloatLE(dots[1] / MM_PER_INCH, VERTICAL_AT);
  fields.setText('resolution-unit', 'in');
  fields.setText('exif-ifd0-XResolution', rationalText(dots[0]));
  fields.setText('exif-ifd0-YResolution', rationalText(dots[1]));
  fields.setText('exif-ifd0-ResolutionUnit', '2 (Inch, Short, 1 components, 2 bytes)');
}

function adoptIptc({ fields }: OpenCarrier, found: Buffer | undefined): void {
  const iptc = found ?? fields.blob('iptc-data');
  // A misspelt copy that older programs of libvips' look for.
  fields.remove((name) => name === 'ipct-data');
  if (!iptc) return;
  const others = fields.blob('photoshop-data');
  const parts = [photoshopOf(iptc), ...(others ? [resourcesWithoutIim(others)] : [])];
  fields.setBlob('iptc-data', Buffer.concat(parts));
}

/** IPTC that a PNG keeps as a text. */
function iptcText(comments: Metadata['comments']): Buffer | undefined {
  const text = comments?.find(({ keyword }) => keyword === PNG_IPTC)?.text;
  return text === undefined ? undefined : rawProfileBytes(text);
}

function rationalText(dots: number): string {
  const text = `${Math.round(dots * FRACTIONS)}/${FRACTIONS}`;
  return `${text} (${dots}, Rational, 1 components, 8 bytes)`;
}
