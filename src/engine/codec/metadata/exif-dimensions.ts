import { readExif, writeExif } from './exif-block.ts';
import { LONG, type Tag, writeNumber } from './ifd.ts';

const PIXEL_X = 0xa002;
const PIXEL_Y = 0xa003;

/** `exif` with the size of the picture that it belongs to. */
export async function withPixelDimensions(
  exif: Buffer,
  { width, height }: { width: number; height: number },
): Promise<Buffer | undefined> {
  const block = await readExif(exif);
  if (!block) return undefined;
  const size = (tag: number, pixels: number): Tag => {
    const value = Buffer.alloc(4);
    writeNumber(value, pixels, 0, 4, block.littleEndian);
    return { tag, type: LONG, count: 1, value, at: -1 };
  };
  const others = block.exif.filter(({ tag }) => tag !== PIXEL_X && tag !== PIXEL_Y);
  return writeExif({ ...block, exif: [...others, size(PIXEL_X, width), size(PIXEL_Y, height)] });
}
