import { open, rm, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { EnlargerError } from '../../../shared/errors.ts';
import { writeExactly } from '../file-bytes.ts';
import { metadataPng } from '../heic/metadata-png.ts';
import { HEADER_BYTES, pixelBytes, readHeader, resizedHeader, sampleBytes } from '../vips-frame.ts';
import { type CarrierFields, type Field, FieldSet, readFields, writeFields } from './carrier-fields.ts';
import { readerOf } from './ifd.ts';
import { headChunks } from './png-chunks.ts';

/** A libvips frame with its metadata taken apart; its pixels stay where they are. */
export interface OpenCarrier {
  header: Buffer;
  bands: number;
  deep: boolean;
  width: number;
  height: number;
  fields: FieldSet;
  carried: CarrierFields;
}

/** Reads the header and the metadata of the frame at `path`. */
export async function openCarrier(path: string): Promise<OpenCarrier> {
  await using file = await open(path, 'r');
  const frame = await readHeader(file);
  const carried = await readFields(file, HEADER_BYTES + pixelBytes(frame));
  const { header, bands, deep, width, height } = frame;
  return { header, bands, deep, width, height, carried, fields: new FieldSet(carried.meta) };
}

/** Writes header and metadata back to `path`, pixels untouched. */
export async function saveCarrier(path: string, carrier: OpenCarrier): Promise<void> {
  await using file = await open(path, 'r+');
  const end = HEADER_BYTES + pixelBytes(carrier);
  const metadata = metadataBytes(carrier);
  await writeExactly(file, carrier.header, 0);
  await writeExactly(file, metadata, end);
  await file.truncate(end + metadata.length);
}

/** What stands behind the pixels of such a frame. */
export const metadataBytes = ({ carried, fields }: OpenCarrier) =>
  writeFields({ ...carried, meta: fields.all() });

/** EXIF as libvips will write it for `carrier`, without its mark; undefined where it would write none. */
export async function exifAsWritten(path: string, carrier: OpenCarrier): Promise<Buffer | undefined> {
  const trial = `${path}.trial.v`;
  try {
    const pixel = Buffer.alloc(carrier.bands * sampleBytes(carrier));
    const header = resizedHeader(carrier.header, 1, 1);
    await writeFile(trial, Buffer.concat([header, pixel, metadataBytes(carrier)]));
    const png = await sharp(trial).keepExif().png().toBuffer();
    const chunk = (await headChunks(readerOf(png))).find(({ type }) => type === 'eXIf');
    return chunk && png.subarray(chunk.contentAt, chunk.contentAt + chunk.length);
  } finally {
    await rm(trial, { force: true });
  }
}

/** The fields into which libvips takes a block of EXIF apart. */
export async function fieldsOfExif(path: string, exif: Buffer): Promise<Field[]> {
  const [block, parsed] = [`${path}.exif.png`, `${path}.exif.v`];
  try {
    await writeFile(block, metadataPng({ exif, xmp: undefined, icc: undefined }));
    await sharp(block, { failOn: 'none' }).keepExif().toFile(parsed);
    const { carried } = await openCarrier(parsed);
    return carried.meta.filter(({ name }) => name.startsWith('exif-') || name === 'jpeg-thumbnail-data');
  } catch (error) {
    throw new EnlargerError('internal', 'The EXIF of this picture cannot be carried.', { cause: error });
  } finally {
    await Promise.all([rm(block, { force: true }), rm(parsed, { force: true })]);
  }
}
