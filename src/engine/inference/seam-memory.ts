import { type Cell, cellCount, cellNumber, type SeamGrid, sumLayout } from './seams.ts';

/** The memory in which the threads that compute a picture's tiles meet where those overlap. */
export interface SharedSeams extends SeamGrid {
  buffer: SharedArrayBuffer;
  /** Bytes from the start of `buffer`; a multiple of 4. */
  offset: number;
  /** Rows of tiles that there are sums for at once: each later one takes the place of one that is done. */
  tileRows: number;
}

/** Where the sums of a cell stand: the first of each of its rows, by its place in the cell. */
interface CellSums {
  data: Uint32Array;
  start(row: number): number;
}

/** Words of each cell: whether somebody is at it, and how many tiles have been added. */
const WORDS = 2;
const BYTES = Uint32Array.BYTES_PER_ELEMENT;

export function seamBytes(grid: SeamGrid, tileRows: number): number {
  return BYTES * (WORDS * cellCount(grid) + tileRows * sumLayout(grid).length);
}

/** Before the first tile: nobody is anywhere, and nothing has been added. */
export function clearSeams(seams: SharedSeams): void {
  new Int32Array(seams.buffer, seams.offset, WORDS * cellCount(seams)).fill(0);
}

/**
 * Lets `act` have the sums of `cell` to itself, and says how many tiles have been added to them: what stands there before the
 * first is anything. One more has been added when it returns. Blocks the thread while another is at the same cell.
 */
export function addToCell(
  seams: SharedSeams,
  cell: Cell,
  act: (sums: CellSums, added: number) => void,
): void {
  const words = new Int32Array(seams.buffer, seams.offset, WORDS * cellCount(seams));
  const lock = WORDS * cellNumber(seams, cell);
  while (Atomics.compareExchange(words, lock, 0, 1) !== 0) Atomics.wait(words, lock, 1);
  try {
    const added = Atomics.load(words, lock + 1);
    act(sumsOf(seams, cell), added);
    Atomics.store(words, lock + 1, added + 1);
  } finally {
    Atomics.store(words, lock, 0);
    Atomics.notify(words, lock, 1);
  }
}

function sumsOf(seams: SharedSeams, { column, row, place }: Cell): CellSums {
  const { buffer, offset, columns, tileRows } = seams;
  const { own, shared, ownLength, length } = sumLayout(seams);
  const begin = offset + BYTES * WORDS * cellCount(seams);
  const data = new Uint32Array(buffer, begin, tileRows * length);
  const base = (Math.floor(row / 2) % tileRows) * length;
  if (row % 2 === 0) {
    const left = ((column - 1) / 2) * 2 * columns.reach * 3;
    return { data, start: (index) => base + index * own + left };
  }
  return { data, start: (index) => base + ownLength + index * shared + place.x * 3 };
}
