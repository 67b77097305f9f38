import type { FileHandle } from 'node:fs/promises';
import { EnlargerError } from '../../../shared/errors.ts';
import { writeExactly } from '../file-bytes.ts';
import { layOutExif, readExif } from './exif-block.ts';
import { fileReader } from './file-edit.ts';
import {
  type Layout,
  layOutDirectory,
  readEntries,
  readTiffHeader,
  swapped,
  type Tag,
  UNDEFINED,
  writeNumber,
} from './ifd.ts';
import { IPTC_TAG, isStructural } from './tiff-metadata.ts';

const LARGEST_CLASSIC_OFFSET = 2 ** 32 - 1;

/**
 * Gives a TIFF that libvips has written what libvips leaves out: the tags of `exif`, with EXIF and GPS directories,
 * and `iptc` (bare IIM). Everything is appended, with a new first directory; of what was there only the pointer to
 * that directory changes, at the very end.
 */
export async function appendTiffTags(
  file: FileHandle,
  { exif, iptc }: { exif?: Buffer | undefined; iptc?: Buffer | undefined },
): Promise<void> {
  const { size } = await file.stat();
  const read = fileReader(file, size);
  const head = await read(0, 16);
  const header = head && readTiffHeader(head);
  if (!header) throw new EnlargerError('internal', 'The TIFF that was written has no header.');
  const start = size + (size % 2);
  const block = exif && (await readExif(exif));
  const inOrder = (tags: Tag[] = []) =>
    (block?.littleEndian === header.littleEndian ? tags : tags.map(swapped)).map(terminated);
  const below = layOutExif(
    {
      littleEndian: header.littleEndian,
      exif: inOrder(block?.exif),
      gps: inOrder(block?.gps),
      interoperability: inOrder(block?.interoperability),
    },
    start,
    header,
  );
  const added = [
    ...inOrder(block?.ifd0).filter(({ tag }) => !isStructural(tag)),
    ...below.tags,
    ...(iptc ? [{ tag: IPTC_TAG, type: UNDEFINED, count: iptc.length, value: iptc, at: -1 }] : []),
  ];
  const own = new Set(added.map(({ tag }) => tag));
  const kept = (await readEntries(read, header.first, header)).filter(({ tag }) => !own.has(tag));
  const directoryAt = start + below.bytes.length;
  const directory = layOutDirectory([...kept, ...added], directoryAt, header);
  if (!header.big && directoryAt + directory.bytes.length > LARGEST_CLASSIC_OFFSET) {
    throw new EnlargerError('encode-failed', 'Its metadata would lie beyond the four gigabytes of a TIFF.');
  }
  await writeExactly(file, Buffer.concat([below.bytes, directory.bytes]), start);
  await pointTo(file, directoryAt, header);
}

const ASCII = 2;

/** Texts as TIFF has them, one and with a zero at its end: readers complain of what cameras leave there. */
function terminated(tag: Tag): Tag {
  if (tag.type !== ASCII) return tag;
  const text = tag.value.toString('latin1').replace(/\0+$/, '').replaceAll(/\0+/g, '; ');
  const value = Buffer.from(`${text}\0`, 'latin1');
  return { ...tag, count: value.length, value };
}

async function pointTo(file: FileHandle, directory: number, { big, littleEndian }: Layout): Promise<void> {
  const pointer = Buffer.alloc(big ? 8 : 4);
  writeNumber(pointer, directory, 0, pointer.length, littleEndian);
  await writeExactly(file, pointer, big ? 8 : 4);
}
