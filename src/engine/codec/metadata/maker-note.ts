import { readNumber, writeNumber } from './ifd.ts';

/**
 * Maker notes are the camera's own. Those of several makers (Canon, Sony, Panasonic, older Olympus) are
 * directories whose offsets count from the beginning of the EXIF block, and so go wrong when the note moves.
 * Others (Apple, Nikon, Fujifilm) count from their own beginning and may lie anywhere.
 */

/** Where the directory begins in a note whose offsets count from the block: with nothing, or a name, before it. */
const DIRECTORY_STARTS = [0, 8, 12];
const ENTRY_BYTES = 12;
const MOST_ENTRIES = 512;
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];

interface Pointer {
  /** Where in the note it stands. */
  at: number;
  target: number;
}

/** The offsets in `note`, which began at `position` of its block, that count from that block's beginning. */
function pointersOf(note: Buffer, position: number): { pointers: Pointer[]; littleEndian: boolean } {
  for (const start of DIRECTORY_STARTS) {
    for (const littleEndian of [true, false]) {
      const pointers = directoryPointers(note, start, littleEndian);
      const inside = ({ target }: Pointer) => target >= position && target < position + note.length;
      if (pointers && pointers.length > 0 && pointers.every(inside)) return { pointers, littleEndian };
    }
  }
  return { pointers: [], littleEndian: true };
}

function directoryPointers(note: Buffer, start: number, littleEndian: boolean): Pointer[] | undefined {
  if (note.length < start + 2) return undefined;
  const count = readNumber(note, start, 2, littleEndian);
  if (count === 0 || count > MOST_ENTRIES) return undefined;
  if (start + 2 + count * ENTRY_BYTES > note.length) return undefined;
  const pointers: Pointer[] = [];
  for (let index = 0; index < count; index++) {
    const at = start + 2 + index * ENTRY_BYTES;
    const size = TYPE_BYTES[readNumber(note, at + 2, 2, littleEndian)];
    if (!size) return undefined;
    if (size * readNumber(note, at + 4, 4, littleEndian) > 4) {
      pointers.push({ at: at + 8, target: readNumber(note, at + 8, 4, littleEndian) });
    }
  }
  return pointers;
}

/** `note` as it has to be after moving from one place in its block to another. */
export function movedMakerNote(note: Buffer, from: number, to: number): Buffer {
  const { pointers, littleEndian } = pointersOf(note, from);
  const moved = Buffer.from(note);
  for (const { at, target } of pointers) writeNumber(moved, target - from + to, at, 4, littleEndian);
  return moved;
}

/** `note` as it would be at the beginning of its block: equal for notes that say the same. */
export const unmovedMakerNote = (note: Buffer, from: number) => movedMakerNote(note, from, 0);
