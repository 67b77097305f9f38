export interface Bitmap {
  width: number;
  /** Negative for rows that begin at the top. */
  height: number;
  bits: number;
  /** As it stands in the file: rows padded to four bytes, or runs. */
  pixels: Uint8Array;
  /** Red, green, blue. */
  palette?: readonly (readonly [number, number, number])[];
  compression?: number;
  /** Bits of red, green and blue, with `compression` 3. */
  masks?: readonly number[];
}

/** A BMP file with the header of 40 bytes that almost all of them have. */
export function bitmapFile({ width, height, bits, pixels, ...more }: Bitmap): Buffer {
  const { palette = [], compression = 0, masks = [] } = more;
  const head = Buffer.alloc(54);
  const table = Buffer.alloc(4 * (masks.length + palette.length));
  masks.forEach((mask, index) => {
    table.writeUInt32LE(mask, 4 * index);
  });
  palette.forEach(([red, green, blue], index) => {
    table.set([blue, green, red], 4 * (masks.length + index));
  });
  head.write('BM', 'latin1');
  head.writeUInt32LE(54 + table.length + pixels.length, 2);
  head.writeUInt32LE(54 + table.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(width, 18);
  head.writeInt32LE(height, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  head.writeUInt32LE(compression, 30);
  head.writeUInt32LE(pixels.length, 34);
  head.writeUInt32LE(palette.length, 46);
  return Buffer.concat([head, table, pixels]);
}

/** Rows of RGB from the top as those of a BMP of 24 or 32 bits, from the bottom. */
export function bitmapRows(rgb: Uint8Array, width: number, height: number, bits: 24 | 32): Buffer {
  const stride = Math.ceil((width * bits) / 32) * 4;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + x);
      const to = stride * (height - 1 - y) + (x * bits) / 8;
      for (let channel = 0; channel < 3; channel++) rows[to + 2 - channel] = rgb[from + channel] as number;
    }
  }
  return rows;
}
