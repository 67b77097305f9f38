/** Where the parts of a BMP file lie, in bytes from its start. */
export interface BitmapLayout {
  width: number;
  height: number;
  /** The first row of the file is the top one. */
  topDown: boolean;
  /** Bits a pixel: 1, 4, 8, 16, 24 or 32. */
  bits: number;
  /** Runs of colours instead of rows (RLE4, RLE8). */
  compressed: boolean;
  /** Which bits of a pixel of 16 or 32 are red, green and blue, where that is stated. */
  masks: number[] | undefined;
  palette: number;
  /** Entries of the palette; 0 without one. */
  colours: number;
  /** Bytes of an entry of the palette: blue, green, red. */
  entryBytes: number;
  pixels: number;
}

/** RGB of a BMP file, rows from the top, 8 bits a sample; undefined if the file ends before its pixels do. */
export function bitmapPixels(bytes: Buffer, layout: BitmapLayout): Uint8Array | undefined {
  const { width, height, bits } = layout;
  if (bits > 16 && !layout.masks) return straight(bytes, layout, bits / 8);
  if (bits > 8) return masked(bytes, layout);
  const indices = layout.compressed ? runs(bytes, layout) : packed(bytes, layout);
  if (!indices) return undefined;
  const palette = paletteOf(bytes, layout);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const entry = 3 * (indices[pixel] as number);
    for (let channel = 0; channel < 3; channel++)
      rgb[3 * pixel + channel] = palette[entry + channel] as number;
  }
  return rgb;
}

/** 256 entries of RGB; black where the file has none. */
function paletteOf(bytes: Buffer, { palette, colours, entryBytes, pixels }: BitmapLayout): Uint8Array {
  const rgb = new Uint8Array(256 * 3);
  for (let entry = 0; entry < colours; entry++) {
    const at = palette + entry * entryBytes;
    if (at + 3 > Math.min(pixels, bytes.length)) break;
    for (let channel = 0; channel < 3; channel++)
      rgb[3 * entry + channel] = bytes[at + 2 - channel] as number;
  }
  return rgb;
}

/** The first byte of a row of the file, rows counted from the top; each takes a multiple of four bytes. */
function rowStart({ width, height, bits, topDown, pixels }: BitmapLayout, y: number): number {
  const stride = Math.ceil((width * bits) / 32) * 4;
  return pixels + stride * (topDown ? y : height - 1 - y);
}

function straight(bytes: Buffer, layout: BitmapLayout, pixelBytes: number): Uint8Array {
  const { width, height } = layout;
  const rgb = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = rowStart(layout, y);
    for (let x = 0; x < width; x++, from += pixelBytes, to += 3) {
      rgb[to] = bytes[from + 2] as number;
      rgb[to + 1] = bytes[from + 1] as number;
      rgb[to + 2] = bytes[from] as number;
    }
  }
  return rgb;
}

/** Without masks, a pixel of 16 bits has five for each colour. */
const FIVE_EACH = [0x7c00, 0x03e0, 0x001f];

function masked(bytes: Buffer, layout: BitmapLayout): Uint8Array {
  const { width, height, bits, masks = FIVE_EACH } = layout;
  const rgb = new Uint8Array(width * height * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    let from = rowStart(layout, y);
    for (let x = 0; x < width; x++, from += bits / 8) {
      const pixel = bits === 16 ? bytes.readUInt16LE(from) : bytes.readUInt32LE(from);
      for (const mask of masks)
        rgb[to++] = mask === 0 ? 0 : Math.round((((pixel & mask) >>> 0) / mask) * 255);
    }
  }
  return rgb;
}

/** One palette index a pixel, of pixels that share bytes. */
function packed(bytes: Buffer, layout: BitmapLayout): Uint8Array {
  const { width, height, bits } = layout;
  const indices = new Uint8Array(width * height);
  const mask = 2 ** bits - 1;
  for (let y = 0; y < height; y++) {
    const start = rowStart(layout, y);
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      indices[y * width + x] = ((bytes[start + (bit >> 3)] as number) >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return indices;
}

/** The same from runs: a count and a colour (two in turn with four bits), or an escape. What they skip is 0. */
function runs(bytes: Buffer, layout: BitmapLayout): Uint8Array | undefined {
  const { width, height, bits, topDown } = layout;
  const indices = new Uint8Array(width * height);
  let [x, y, at] = [0, 0, layout.pixels];
  const put = (index: number) => {
    if (x < width) indices[(topDown ? y : height - 1 - y) * width + x] = index;
    x += 1;
  };
  const nibble = (byte: number, place: number) => (place % 2 === 0 ? byte >> 4 : byte & 15);
  while (y < height) {
    const count = bytes[at++];
    const value = bytes[at++];
    if (count === undefined || value === undefined) return undefined;
    if (count > 0) {
      for (let place = 0; place < count; place++) put(bits === 8 ? value : nibble(value, place));
    } else if (value === 0) {
      [x, y] = [0, y + 1];
    } else if (value === 1) {
      return indices;
    } else if (value === 2) {
      if (at + 2 > bytes.length) return undefined;
      x += bytes[at++] as number;
      y += bytes[at++] as number;
    } else {
      const length = Math.ceil((value * bits) / 8);
      if (at + length > bytes.length) return undefined;
      for (let place = 0; place < value; place++) {
        put(bits === 8 ? (bytes[at + place] as number) : nibble(bytes[at + (place >> 1)] as number, place));
      }
      // Colours that stand for themselves take a multiple of two bytes.
      at += length + (length % 2);
    }
  }
  return indices;
}
