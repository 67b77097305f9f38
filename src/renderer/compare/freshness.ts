import type { Rect } from '../../shared/tiles.ts';
import type { Size } from './camera.ts';

/** Side of the cells that changes are remembered by, in pixels of the result. */
const CELL = 512;

/** Which parts of a result in work have changed, and when: its tiles' count is its clock. */
export class Freshness {
  readonly #columns: number;
  readonly #rows: number;
  readonly #stamps: Uint32Array;

  /** Whatever was done before is taken to have changed at `stamp`; 0 if nothing was. */
  constructor(size: Size, stamp: number) {
    this.#columns = Math.ceil(size.width / CELL);
    this.#rows = Math.ceil(size.height / CELL);
    this.#stamps = new Uint32Array(this.#columns * this.#rows).fill(stamp);
  }

  touch(part: Rect, stamp: number): void {
    this.#visit(part, (index) => {
      this.#stamps[index] = stamp;
    });
  }

  /** When `part` changed last; 0 if nothing of it is done. */
  stampOf(part: Rect): number {
    let latest = 0;
    this.#visit(part, (index) => {
      latest = Math.max(latest, this.#stamps[index] ?? 0);
    });
    return latest;
  }

  #visit({ x, y, width, height }: Rect, visit: (index: number) => void): void {
    const right = Math.min(this.#columns, Math.ceil((x + width) / CELL));
    const bottom = Math.min(this.#rows, Math.ceil((y + height) / CELL));
    for (let row = Math.max(0, Math.floor(y / CELL)); row < bottom; row++) {
      for (let column = Math.max(0, Math.floor(x / CELL)); column < right; column++) {
        visit(row * this.#columns + column);
      }
    }
  }
}
