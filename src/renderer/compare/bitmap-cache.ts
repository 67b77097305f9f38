/** What is kept of a picture: `ImageBitmap`, or what behaves like one. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

export interface Loaded<B extends Bitmap> {
  readonly bitmap: B;
  /** Nothing can be added to it: it has no transparent part. */
  readonly full: boolean;
}

export interface Held<B extends Bitmap> extends Loaded<B> {
  /** Of what state of the picture. */
  readonly version: string;
}

/** Bitmaps that were decoded, by name; those used longest ago go first. */
export class BitmapCache<B extends Bitmap> {
  /** In the order of their last use. */
  readonly #held = new Map<string, Held<B>>();
  readonly #largest: number;
  #bytes = 0;

  /** Holds `largest` bytes, or as much as is in use. */
  constructor(largest: number) {
    this.#largest = largest;
  }

  get bytes(): number {
    return this.#bytes;
  }

  peek(key: string): Held<B> | undefined {
    return this.#held.get(key);
  }

  /** Takes the bitmap over; one of this name that was there is closed. */
  put(key: string, held: Held<B>): void {
    this.#remove(key);
    this.#held.set(key, held);
    this.#bytes += bytesOf(held.bitmap);
  }

  /** Closes what is not in use until the rest fits. */
  prune(inUse: ReadonlySet<string>): void {
    for (const key of inUse) {
      const held = this.#held.get(key);
      if (!held) continue;
      this.#held.delete(key);
      this.#held.set(key, held);
    }
    for (const key of this.#held.keys()) {
      if (this.#bytes <= this.#largest || inUse.has(key)) return;
      this.#remove(key);
    }
  }

  clear(): void {
    for (const key of [...this.#held.keys()]) this.#remove(key);
  }

  #remove(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#bytes -= bytesOf(held.bitmap);
    held.bitmap.close();
  }
}

function bytesOf({ width, height }: Bitmap): number {
  return width * height * 4;
}
