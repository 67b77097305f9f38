import { EnlargerError } from '../../../shared/errors.ts';

/** Largest HEIC that is decoded, in pixels: its decoder holds it in memory whole, more than once. */
export const LARGEST_HEIC = 200_000_000;

/** The typed error for a HEIC file that could not be decoded, whatever went wrong. It names the file. */
export function heicError(error: unknown, source: string): EnlargerError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = error instanceof EnlargerError ? error.code : 'decode-failed';
  const details = { file: source, cause: error };
  if (code === 'too-large') {
    const limit = `HEIC pictures of up to ${LARGEST_HEIC / 1e6} megapixels can be opened.`;
    return new EnlargerError(code, `${source}: too large (${reason}). ${limit}`, details);
  }
  if (code === 'unsupported-format') {
    const advice = 'Save it as JPEG, PNG or TIFF and add that.';
    return new EnlargerError(
      code,
      `${source}: a kind of HEIC that cannot be read (${reason}). ${advice}`,
      details,
    );
  }
  if (error instanceof RangeError && /allocation/.test(reason)) {
    const advice = 'Close other programs and run again.';
    return new EnlargerError(
      'out-of-memory',
      `${source}: there is no memory to decode it. ${advice}`,
      details,
    );
  }
  const advice = 'The file is damaged or cut short; try to get it again from where it came.';
  return new EnlargerError('decode-failed', `${source}: cannot be read (${reason}). ${advice}`, details);
}
