import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { EnlargerError } from '../../shared/errors.ts';
import { factsOf, type PictureFacts } from './picture-facts.ts';

export interface Verified {
  bytes: number;
  sha256: string;
  /** What the file says of itself. */
  facts: PictureFacts;
}

/**
 * Reads a written result back from its file: it must open, have the size in pixels that was meant, and
 * decode to its last row. Throws `verify-failed` and removes the file otherwise.
 */
export async function verify({
  file,
  width,
  height,
}: {
  file: string;
  width: number;
  height: number;
}): Promise<Verified> {
  try {
    const picture = () => sharp(file, { failOn: 'warning', limitInputPixels: false, sequentialRead: true });
    const metadata = await picture().metadata();
    if (metadata.width !== width || metadata.height !== height) {
      throw new Error(
        `it has ${metadata.width}×${metadata.height} pixels where ${width}×${height} were written`,
      );
    }
    await picture()
      .extract({ left: 0, top: height - 1, width, height: 1 })
      .raw()
      .toBuffer();
    return {
      bytes: (await stat(file)).size,
      sha256: await sha256Of(file),
      facts: await factsOf(file, metadata),
    };
  } catch (error) {
    await rm(file, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnlargerError('verify-failed', `${file}: was written but cannot be read back (${reason}).`, {
      file,
      cause: error,
    });
  }
}

/** The SHA-256 of a file's bytes, lower-case hexadecimal. */
async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest('hex');
}
