import type { FileWindow } from './file-window.ts';

const SIGNATURE = '89504e470d0a1a0a';
/** Chunks whose content may be compressed; libpng unpacks them whether anybody wants them or not. */
const COMPRESSED = new Set(['zTXt', 'iTXt', 'iCCP']);
/** Deflate packs no more than so many bytes into one. */
const BEST_DEFLATE = 1032;
/** libpng unpacks no chunk beyond this many bytes. */
const LARGEST_CHUNK = 8_000_000;

export function isPng(head: Buffer): boolean {
  return head.toString('hex', 0, 8) === SIGNATURE;
}

/** The bytes that the texts and the profile of a PNG may take once unpacked, at the very most. */
export async function largestText(window: FileWindow): Promise<number> {
  let bytes = 0;
  for (let at = 8; ; ) {
    const head = await window.bytes(at, 8);
    if (head.length < 8) return bytes;
    const length = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    if (COMPRESSED.has(type)) bytes += Math.min(length * BEST_DEFLATE, LARGEST_CHUNK);
    // Length, type and checksum stand around the content.
    at += 12 + length;
  }
}
