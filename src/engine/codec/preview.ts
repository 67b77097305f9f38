import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { openBitmap } from './bitmap.ts';
import { decode } from './decode.ts';
import { readLabHeader } from './lab/lab-header.ts';
import { decodeError, decodeSeconds, openPicture } from './libvips.ts';
import { probe } from './probe.ts';

export interface PreviewWork {
  source: string;
  /** The JPEG that is written; it is there as a whole or not at all. */
  target: string;
  /** The box that it is to fit, in pixels. A smaller picture keeps its size. */
  width: number;
  height: number;
}

export interface PreviewFacts {
  width: number;
  height: number;
  bytes: number;
}

const QUALITY = 84;
/** What transparent pictures are shown on: a JPEG has nothing behind it. */
const BEHIND = '#ffffff';

/** Numbers that tell temporary files of one process apart. */
let previews = 0;

/**
 * Writes a small picture of `source` for the screen: upright, in sRGB, eight bits. JPEG and WebP are decoded no larger than
 * need be. Throws typed errors that name `source`.
 */
export async function preview({ source, target, width, height }: PreviewWork): Promise<PreviewFacts> {
  const scratch = join(dirname(target), `.${basename(target)}.${process.pid}-${previews++}`);
  const temporary = `${scratch}.part`;
  try {
    const facts = await probe(source);
    const { picture, upright } = await openForScreen(source, facts.format, scratch);
    const shown = await (upright ? picture : picture.autoOrient())
      .timeout({ seconds: decodeSeconds(facts) })
      .resize({ width, height, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: BEHIND })
      .toColourspace('srgb')
      .jpeg({ quality: QUALITY })
      .toFile(temporary);
    await sync(temporary);
    await rename(temporary, target);
    return { width: shown.width, height: shown.height, bytes: shown.size };
  } catch (error) {
    throw decodeError(error, source);
  } finally {
    const files = [temporary, `${scratch}.v`, `${scratch}.carrier.v`];
    await Promise.all(files.map((file) => rm(file, { force: true })));
  }
}

/**
 * Opens `source`, a picture of this format, for the screen. `upright`: it is so already. Formats that libvips does not read are
 * decoded into scratch files that begin with `scratch`: `.v` and `.carrier.v`.
 */
export async function openForScreen(
  source: string,
  format: string,
  scratch: string,
): Promise<{ picture: Sharp; upright: boolean }> {
  if (format === 'bmp') return { picture: await openBitmap(source), upright: true };
  // libvips has no decoder for HEIC, and none that is right for every Lab TIFF.
  if (format !== 'heic' && !(await readLabHeader(source)))
    return { picture: openPicture(source), upright: false };
  const { pixels } = await decode({ source, scratch });
  return { picture: sharp(pixels), upright: true };
}

/** A preview is remembered by its name: one without its bytes, after a power cut, would be shown for ever. */
async function sync(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}
