import { open, rename, rm } from 'node:fs/promises';
import type { Sharp } from 'sharp';

export interface SquareFacts {
  width: number;
  height: number;
  bytes: number;
}

/** Nothing that is seen at 16:1, as colours at half the resolution would be. */
const JPEG = { quality: 95, chromaSubsampling: '4:4:4' } as const;
/** Of the encoders that keep transparency the quickest, and it loses nothing. */
const PNG = { compressionLevel: 1 } as const;

/**
 * Writes a square of 8-bit sRGB to `target`, which is there as a whole or not at all. With `lasting` it is there
 * after a power cut, too.
 */
export async function writeSquare(
  square: Sharp,
  target: string,
  { alpha, lasting }: { alpha: boolean; lasting: boolean },
): Promise<SquareFacts> {
  const encoded = alpha ? square.png(PNG) : square.jpeg(JPEG);
  const { data, info } = await encoded.toBuffer({ resolveWithObject: true });
  const temporary = `${target}.part`;
  try {
    await using file = await open(temporary, 'w');
    await file.writeFile(data);
    if (lasting) await file.datasync();
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { width: info.width, height: info.height, bytes: data.length };
}
