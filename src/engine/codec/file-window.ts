import type { FileHandle } from 'node:fs/promises';

/** Bytes that are read at once. */
const WINDOW_BYTES = 64 * 1024;

/** Looks at a few bytes here and there in a file, most of them near each other. */
export class FileWindow {
  readonly #file: FileHandle;
  #bytes = Buffer.alloc(0);
  #start = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** The `length` bytes (at most 64 KiB) from `position`; fewer where the file ends. */
  async bytes(position: number, length: number): Promise<Buffer> {
    const from = position - this.#start;
    if (from < 0 || from + length > this.#bytes.length) {
      const bytes = Buffer.alloc(WINDOW_BYTES);
      const { bytesRead } = await this.#file.read(bytes, 0, WINDOW_BYTES, position);
      this.#bytes = bytes.subarray(0, bytesRead);
      this.#start = position;
    }
    const start = position - this.#start;
    return this.#bytes.subarray(start, start + length);
  }
}
