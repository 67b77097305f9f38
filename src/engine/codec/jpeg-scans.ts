import type { FileHandle } from 'node:fs/promises';
import type { FileWindow } from './file-window.ts';

/** A JPEG beyond this is not searched but taken for the worst, in bytes. */
const LARGEST_FILE = 1_000_000_000;
/** Segments in front of the picture; beyond so many, the file is searched as a whole, which takes less time. */
const MOST_SEGMENTS = 10_000;

const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;

export function isJpeg(head: Buffer): boolean {
  return head.toString('hex', 0, 2) === 'ffd8';
}

/**
 * How many scans a JPEG has, counting no further than one beyond `most`. A picture that is whole after its
 * first scan counts as one, whatever follows: decoders stop there. Source: ITU-T T.81, annex B.
 */
export async function countScans(file: FileHandle, window: FileWindow, most: number): Promise<number> {
  if (await isWholeAtOnce(window)) return 1;
  return (await file.stat()).size > LARGEST_FILE ? most + 1 : scansIn(await file.readFile(), most);
}

/** Frames of DCT coefficients that are not sent progressively. */
const SEQUENTIAL = new Set([0xc0, 0xc1, 0xc9]);
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** Whether the first scan surely holds all components in full. */
async function isWholeAtOnce(window: FileWindow): Promise<boolean> {
  let components = 0;
  let sequential = false;
  for (let segment = 0, at = 2; segment < MOST_SEGMENTS; segment++) {
    const head = await window.bytes(at, 10);
    const [mark, marker = 0] = head;
    if (head.length < 10 || mark !== 0xff || hasNoLength(marker)) return false;
    if (marker === START_OF_SCAN) return sequential && head[4] === components;
    if (isFrame(marker)) {
      sequential = SEQUENTIAL.has(marker);
      components = head[9] as number;
    }
    at += 2 + head.readUInt16BE(2);
  }
  return false;
}

function scansIn(bytes: Buffer, most: number): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1] as number;
    if (marker === END_OF_IMAGE) break;
    if (marker === START_OF_SCAN) scans += 1;
    if (scans > most) break;
    at += marker === 0xff ? 1 : hasNoLength(marker) ? 2 : 2 + bytes.readUInt16BE(at + 2);
  }
  return scans;
}

/** Markers that stand alone, and what looks like one: a fill byte, and 0xff among the samples. */
function hasNoLength(marker: number): boolean {
  return marker <= 0x01 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd9);
}
