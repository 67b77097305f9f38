import { basename, extname } from 'node:path';
import { safeName } from '../../../shared/name-template.ts';

/** Letters of an id that is made of a file's name. */
const LONGEST_ID = 48;
const FALLBACK = 'model';

/** `RealESRGAN_x4plus.onnx` → `realesrgan-x4plus`, with a number after it where `taken` says so. */
export function idFor(file: string, taken: (id: string) => boolean): string {
  const words = stem(file)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const cut = words.slice(0, LONGEST_ID).replaceAll(/^-+|-+$/g, '') || FALLBACK;
  // Folders are called like their models, and Windows keeps some names for devices.
  const id = safeName(cut) === cut ? cut : `${FALLBACK}-${cut}`;
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? id : `${id}-${number}`;
    if (!taken(numbered)) return numbered;
  }
}

/** `RealESRGAN_x4plus.onnx` → `RealESRGAN x4plus`. */
export function titleFor(file: string): string {
  return (
    stem(file)
      .normalize('NFC')
      .replaceAll(/[_\s]+/g, ' ')
      .trim() || FALLBACK
  );
}

const stem = (file: string) => basename(file, extname(file));
