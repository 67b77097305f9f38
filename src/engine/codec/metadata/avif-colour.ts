import type { FileHandle } from 'node:fs/promises';
import { EnlargerError } from '../../../shared/errors.ts';
import { writeExactly } from '../file-bytes.ts';
import type { Cicp } from './cicp.ts';
import { fileReader, insertBytes } from './file-edit.ts';
import { associationsIn, type Box, extentsIn, parseMeta, readMeta } from './isobmff.ts';

/**
 * libvips writes AVIF without saying what its colours are, which readers take for sRGB. This says it, in a file
 * that libvips has just written; the samples stay as they are.
 */

/** What libheif turns RGB into unless told otherwise: BT.601's luma and chroma, in full range. */
const MATRIX = 6;
const COLR_BYTES = 19;
/** A property that need not be understood, and one byte to count it in. */
const MOST_PROPERTIES = 127;

/** Adds a colour code with the primaries and the transfer of `cicp` to the primary picture of an AVIF. */
export async function writeAvifColour(
  file: FileHandle,
  { primaries, transfer }: Pick<Cicp, 'primaries' | 'transfer'>,
): Promise<void> {
  const { size } = await file.stat();
  const found = await readMeta(fileReader(file, size), size);
  if (!found) throw unexpected();
  const { bytes, at } = found;
  const { iprp, ipco, ipma, primary, boxes } = parseMeta(bytes);
  const iloc = boxes.find(({ type }) => type === 'iloc');
  if (!iprp || !ipco || !ipma || !iloc) throw unexpected();
  const own = associationsIn(bytes, ipma).find(({ item }) => item === primary);
  const index = propertiesIn(bytes, ipco) + 1;
  if (own?.size !== 1 || index > MOST_PROPERTIES || ipma.at < ipco.at) throw unexpected();
  const added = COLR_BYTES + 1;
  const grown = Buffer.from(bytes);
  for (const box of [boxOf(bytes), iprp]) grow(grown, box.at, added);
  grow(grown, ipco.at, COLR_BYTES);
  grow(grown, ipma.at, 1);
  grown.writeUInt8(own.count + 1, own.countAt);
  moveItems(grown, iloc, at + bytes.length, added);
  const colr = Buffer.alloc(COLR_BYTES);
  colr.writeUInt32BE(COLR_BYTES);
  colr.write('colrnclx', 4, 'latin1');
  colr.writeUInt16BE(primaries, 12);
  colr.writeUInt16BE(transfer, 14);
  colr.writeUInt16BE(MATRIX, 16);
  colr.writeUInt8(0x80, 18);
  const associated = own.countAt + 1 + own.count;
  const meta = Buffer.concat([
    grown.subarray(0, ipco.end),
    colr,
    grown.subarray(ipco.end, associated),
    Buffer.from([index]),
    grown.subarray(associated),
  ]);
  await insertBytes(file, at + bytes.length, Buffer.alloc(added));
  await writeExactly(file, meta, at);
}

const unexpected = () => new EnlargerError('internal', 'The AVIF that was written is not built as expected.');

const boxOf = (bytes: Buffer): Box => ({ type: 'meta', at: 0, start: 8, end: bytes.length });

function grow(bytes: Buffer, at: number, by: number): void {
  const size = bytes.readUInt32BE(at);
  // Sizes 0 and 1 mean something else; libheif writes neither here.
  if (size < 8) throw unexpected();
  bytes.writeUInt32BE(size + by, at);
}

function propertiesIn(bytes: Buffer, ipco: Box): number {
  let count = 0;
  for (let at = ipco.start; at + 8 <= ipco.end; count++) {
    const size = bytes.readUInt32BE(at);
    if (size < 8) throw unexpected();
    at += size;
  }
  return count;
}

/** Moves what `iloc` says of items behind `from` by `by` bytes. */
function moveItems(bytes: Buffer, iloc: Box, from: number, by: number): void {
  const extents = extentsIn(bytes, iloc);
  if (!extents) throw unexpected();
  for (const { offset, offsetAt, offsetBytes } of extents) {
    if (offset < from) continue;
    if (offsetBytes !== 4) throw unexpected();
    bytes.writeUInt32BE(bytes.readUInt32BE(offsetAt) + by, offsetAt);
  }
}
