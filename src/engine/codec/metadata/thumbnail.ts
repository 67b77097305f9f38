import sharp from 'sharp';

/** Pixels of the longer side; what EXIF's thumbnails have had since the first cameras. */
const SIDE = 160;
const QUALITY = 75;

/** A small JPEG of the upright picture in the scratch frame `pixels`. */
export async function thumbnailOf(pixels: string): Promise<Buffer> {
  return sharp(pixels, { limitInputPixels: false, sequentialRead: true })
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
