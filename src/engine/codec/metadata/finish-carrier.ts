import { z } from 'zod';
import type { OutputFormat } from '../../../shared/formats.ts';
import { VERSION } from '../../../shared/version.ts';
import type { FieldSet } from './carrier-fields.ts';
import { exifAsWritten, type OpenCarrier, openCarrier, saveCarrier } from './carrier-file.ts';
import { type Cicp, cicpOf } from './cicp.ts';
import { COLOUR_FIELD, TEXTS_FIELD } from './complete-carrier.ts';
import { MAKER_NOTE, readExif, withoutPrefix, writeExif } from './exif-block.ts';
import { type Repair, repairsOf } from './exif-texts.ts';
import { iimOf, resourcesWithoutIim } from './iptc.ts';
import { iptcProperties } from './iptc-in-xmp.ts';
import { movedMakerNote, unmovedMakerNote } from './maker-note.ts';
import { correctedXmp, withProperties } from './xmp.ts';

/** What the result calls the program that wrote it. */
export const SOFTWARE_NAME = `Enlarger ${VERSION}`;

export interface ResultKind {
  format: OutputFormat;
  width: number;
  height: number;
  removeGps: boolean;
}

/** What libvips cannot write and `finishResult` adds to the finished file. */
export interface Remainder {
  /** As it would be in any other format. */
  exif?: Buffer | undefined;
  /** What has to be put back into the EXIF that is written. */
  repairs: Repair[];
  /** Bare IIM. */
  iptc?: Buffer | undefined;
  /** Texts of a PNG, by keyword. */
  texts: { keyword: string; text: string }[];
  colours?: Cicp | undefined;
  /** Bits a sample of the source, where it states them. */
  bitsPerSample: number;
}

const GPS_FIELD = 'exif-ifd3-';

/**
 * Makes the metadata of the frame at `path`, a carrier or a whole result, true for a result of this kind. What the
 * format's encoder would not write is taken out and returned.
 */
export async function finishCarrier(path: string, kind: ResultKind): Promise<Remainder> {
  const carrier = await openCarrier(path);
  const { fields } = carrier;
  const { width, height, removeGps, format } = kind;
  setAscii(fields, 'exif-ifd0-Software', SOFTWARE_NAME);
  for (const [name, size] of [
    ['exif-ifd0-ImageWidth', width],
    ['exif-ifd0-ImageLength', height],
  ] as const) {
    if (fields.has(name)) fields.setText(name, `${size} (${size}, Long, 1 components, 4 bytes)`);
  }
  if (removeGps) await removePlace(fields);
  changeXmp(fields, (xmp) => correctedXmp(xmp, kind));
  const stored = fields.blob('iptc-data');
  const iim = stored && iimOf(stored);
  if (iim && (format === 'webp' || format === 'avif')) putIptcInXmp(fields, iim);
  if (format === 'tiff') moveResources(fields, stored);
  const bits = Number(fields.text('bits-per-sample') ?? 8);
  const colours = cicpOf(fields.text(COLOUR_FIELD));
  const exif = await settledExif(path, carrier);
  await saveCarrier(path, carrier);
  return {
    texts: format === 'png' ? textsOf(fields) : [],
    iptc: iim,
    exif: format === 'tiff' ? exif : undefined,
    repairs: exif ? await repairsFor(fields, exif) : [],
    colours,
    bitsPerSample: Number.isInteger(bits) ? bits : 8,
  };
}

/** libvips reads the block anew as well: what is to be gone has to be gone from both. */
async function removePlace(fields: FieldSet): Promise<void> {
  const stored = fields.blob('exif-data');
  const block = stored && (await readExif(stored));
  fields.remove((name) => name.startsWith(block ? GPS_FIELD : 'exif-'));
  if (block) fields.setBlob('exif-data', writeExif({ ...block, gps: [] }));
}

function setAscii(fields: FieldSet, name: string, text: string): void {
  const bytes = text.length + 1;
  fields.setText(name, `${text} (${text}, ASCII, ${bytes} components, ${bytes} bytes)`);
}

function changeXmp(fields: FieldSet, change: (xmp: Buffer) => Buffer | undefined): void {
  const xmp = fields.blob('xmp-data');
  if (!xmp) return;
  const changed = change(xmp);
  if (changed) fields.setBlob('xmp-data', changed);
  else fields.remove((name) => name === 'xmp-data');
}

function putIptcInXmp(fields: FieldSet, iim: Buffer): void {
  const xmp = withProperties(fields.blob('xmp-data'), iptcProperties(iim).properties);
  if (xmp) fields.setBlob('xmp-data', xmp);
}

/** libvips would cut IPTC short in a TIFF; the image resources around it have a tag there that it writes well. */
function moveResources(fields: FieldSet, iptc: Buffer | undefined): void {
  fields.remove((name) => name === 'iptc-data' || name === 'photoshop-data');
  const resources = iptc ? resourcesWithoutIim(iptc) : Buffer.alloc(0);
  if (resources.length > 0) fields.setBlob('photoshop-data', resources);
}

const textsSchema = z.array(z.object({ keyword: z.string(), text: z.string() }));

/** The texts for a PNG. Profiles that stand in them are of an older form of PNG; IPTC is written anew. */
function textsOf(fields: FieldSet): { keyword: string; text: string }[] {
  return textsSchema
    .parse(JSON.parse(fields.text(TEXTS_FIELD) ?? '[]'))
    .filter(({ keyword }) => !keyword.startsWith('Raw profile type'))
    .map(({ keyword, text }) => ({ keyword, text: keyword === 'Software' ? SOFTWARE_NAME : text }));
}

/**
 * EXIF as it will be written. A maker note moves on the way, which libvips makes good for some makers only: for
 * the others its offsets are set, before, to where it will lie.
 */
async function settledExif(path: string, carrier: OpenCarrier): Promise<Buffer | undefined> {
  const { fields } = carrier;
  const stored = fields.blob('exif-data');
  const written = await exifAsWritten(path, carrier);
  const [before, after] = [stored && (await readExif(stored)), written && (await readExif(written))];
  const [from, to] = [noteOf(before), noteOf(after)];
  if (!stored || !from || !to) return written;
  const settled = unmovedMakerNote(to.value, to.at).equals(unmovedMakerNote(from.value, from.at));
  if (settled || !to.value.equals(from.value)) return written;
  const prefix = stored.length - withoutPrefix(stored).length;
  movedMakerNote(from.value, from.at, to.at).copy(stored, prefix + from.at);
  fields.setBlob('exif-data', stored);
  return exifAsWritten(path, carrier);
}

async function repairsFor(fields: FieldSet, written: Buffer): Promise<Repair[]> {
  const stored = fields.blob('exif-data');
  const [meant, after] = [stored && (await readExif(stored)), await readExif(written)];
  return meant && after ? repairsOf(meant, after) : [];
}

const noteOf = (block: Awaited<ReturnType<typeof readExif>>) =>
  block?.exif.find(({ tag, at }) => tag === MAKER_NOTE && at >= 0);
