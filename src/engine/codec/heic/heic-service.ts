import { readFile, stat } from 'node:fs/promises';
import { EnlargerError } from '../../../shared/errors.ts';
import { heicError } from './heic-refusal.ts';
import { decodePrimary, type HeicPicture } from './primary-picture.ts';

/** Larger files than this hold films, not photographs, and would be read into memory whole. */
const LARGEST_FILE = 500_000_000;

/** What the thread that decodes a HEIC file does. Its errors name the file. */
export function heicService() {
  return {
    decode: async ({ source }: { source: string }): Promise<HeicPicture> => {
      try {
        if ((await stat(source)).size > LARGEST_FILE) {
          throw new EnlargerError('too-large', `a file of more than ${LARGEST_FILE / 1e6} MB`);
        }
        return decodePrimary(await readFile(source));
      } catch (error) {
        throw heicError(error, source);
      }
    },
  };
}

export type HeicService = ReturnType<typeof heicService>;
