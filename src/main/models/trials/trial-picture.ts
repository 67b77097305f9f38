import { writeFile } from 'node:fs/promises';

/** Pixels; not square, so that a network that mixes up width and height is found out. */
export const TRIAL_SIZE = { width: 56, height: 40 };

const HEADER_BYTES = 54;
const BITS = 24;

/** Writes a small picture as BMP, which takes no encoder: colours that change slowly, with edges in them; inverted, if wished. */
export async function writeTrialPicture(file: string, inverted = false): Promise<void> {
  const { width, height } = TRIAL_SIZE;
  // Rows are padded to four bytes; these need none.
  const pixels = Buffer.alloc((width * height * BITS) / 8);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const edge = (x >> 3) % 2 === (y >> 3) % 2 ? 0 : 60;
    pixels.set(
      [40 + 2 * x, 60 + 3 * y, 30 + x + y].map((value) => (inverted ? 255 - value - edge : value + edge)),
      (at * BITS) / 8,
    );
  }
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('BM', 'latin1');
  header.writeUInt32LE(HEADER_BYTES + pixels.length, 2);
  header.writeUInt32LE(HEADER_BYTES, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(BITS, 28);
  header.writeUInt32LE(pixels.length, 34);
  await writeFile(file, Buffer.concat([header, pixels]));
}
