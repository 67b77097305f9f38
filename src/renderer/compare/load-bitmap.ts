import { fileAt } from '../intake/entry-files.ts';
import { noteLook } from '../intake/first-look.ts';
import type { Loaded } from './bitmap-cache.ts';

/** Longest side in pixels of what is kept of a file of the browser's own, until main has a picture of it. */
const LARGEST_SIDE = 4096;

/** Fetches and decodes a picture away from this thread. Rejects where there is none. */
export async function loadBitmap(url: string, signal: AbortSignal): Promise<Loaded<ImageBitmap>> {
  if (url.startsWith('blob:')) return { bitmap: await ownPicture(url), full: false };
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${response.status}`);
  const blob = await response.blob();
  return { bitmap: await createImageBitmap(blob), full: blob.type === 'image/jpeg' };
}

/** Of a file that was just dropped; the page's policy forbids to fetch it. */
async function ownPicture(url: string): Promise<ImageBitmap> {
  const file = fileAt(url);
  if (!file) throw new Error('It is shown from elsewhere by now.');
  const bitmap = await reduced(await createImageBitmap(file));
  noteLook();
  return bitmap;
}

async function reduced(bitmap: ImageBitmap): Promise<ImageBitmap> {
  const share = LARGEST_SIDE / Math.max(bitmap.width, bitmap.height);
  if (share >= 1) return bitmap;
  const small = await createImageBitmap(bitmap, {
    resizeWidth: Math.max(1, Math.round(bitmap.width * share)),
    resizeHeight: Math.max(1, Math.round(bitmap.height * share)),
    resizeQuality: 'medium',
  });
  bitmap.close();
  return small;
}
