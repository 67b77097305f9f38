import { type FileHandle, open } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';
import { refusalOf } from '../../shared/refused-formats.ts';
import { FileWindow } from './file-window.ts';
import { countScans, isJpeg } from './jpeg-scans.ts';
import { damaged } from './libvips.ts';
import { isPng, largestText } from './png-text.ts';
import { refusedFormat } from './refused-formats.ts';
import { isTiff, readFirstDirectory } from './tiff-directory.ts';

/** Bytes of texts and profile, unpacked; libvips holds them several times over while it reads a header. */
const LARGEST_TEXT = 128_000_000;
/** Every scan is a pass over all coefficients; programs write about ten of them. */
const MOST_SCANS = 100;

/**
 * Looks at a user's file before libvips does, for what would keep libvips busy or fill the memory where
 * nothing can stop it, and for what is known by name but not read. Throws typed errors that name `source`.
 * What cannot be opened passes: whoever opens it next says why.
 */
export async function inspect(source: string): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(source, 'r');
  } catch {
    return;
  }
  try {
    await examine(source, file);
  } catch (error) {
    if (error instanceof EnlargerError) throw error;
  } finally {
    await file.close();
  }
}

async function examine(source: string, file: FileHandle): Promise<void> {
  const window = new FileWindow(file);
  const head = Buffer.from(await window.bytes(0, 8));
  const refused = await refusedFormat(source, window);
  if (refused) throw refusalOf(source, refused);
  if (isTiff(head) && (await readFirstDirectory(window)) === undefined) {
    throw damaged(source, 'it ends before its directory does');
  }
  if (isPng(head) && (await largestText(window)) > LARGEST_TEXT) {
    throw tooMuch(source, `its texts may take more than ${LARGEST_TEXT / 1e6} MB once unpacked`);
  }
  if (isJpeg(head) && (await countScans(file, window, MOST_SCANS)) > MOST_SCANS) {
    throw tooMuch(source, `it has more than ${MOST_SCANS} scans`);
  }
}

function tooMuch(source: string, what: string): EnlargerError {
  const advice = 'Open it in a program you trust and save it anew.';
  return new EnlargerError('too-large', `${source}: ${what}, as no camera writes it. ${advice}`, {
    file: source,
  });
}
