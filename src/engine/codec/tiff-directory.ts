import type { FileWindow } from './file-window.ts';

const SHORT = 3;
/** More fields than this are none that a camera or a program writes. */
const MOST_FIELDS = 4096;

/** Whether `head`, the first bytes of a file, are those of a TIFF (BigTIFF included). */
export function isTiff(head: Buffer): boolean {
  const mark = head.toString('latin1', 0, 4);
  return mark === 'II*\0' || mark === 'MM\0*' || mark === 'II+\0' || mark === 'MM\0+';
}

/**
 * The fields of the first directory of a TIFF: tag → its first value, where that is a number that fits into
 * the field itself. Undefined if the file ends before the directory does; empty for BigTIFF, whose
 * directories are not looked at. Source: TIFF 6.0, section 2.
 */
export async function readFirstDirectory(window: FileWindow): Promise<Map<number, number> | undefined> {
  const head = Buffer.from(await window.bytes(0, 8));
  const little = head[0] === 0x49;
  const short = (bytes: Buffer, at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const long = (bytes: Buffer, at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  if (head.length < 8) return undefined;
  if (short(head, 2) !== 42) return new Map();
  const start = long(head, 4);
  const counted = await window.bytes(start, 2);
  if (counted.length < 2) return undefined;
  const count = Math.min(short(counted, 0), MOST_FIELDS);
  const entries = await window.bytes(start + 2, 12 * count);
  if (entries.length < 12 * count) return undefined;
  const fields = new Map<number, number>();
  for (let at = 0; at < entries.length; at += 12) {
    const value = short(entries, at + 2) === SHORT ? short(entries, at + 8) : long(entries, at + 8);
    fields.set(short(entries, at), value);
  }
  return fields;
}
