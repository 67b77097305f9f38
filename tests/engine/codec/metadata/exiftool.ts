import { execFileSync } from 'node:child_process';

/** An independent reader of metadata. Tests that ask it skip themselves where it is not installed. */

const isThere = (() => {
  try {
    execFileSync('exiftool', ['-ver'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

export const EXIFTOOL = { there: isThere, reason: 'needs exiftool (libimage-exiftool-perl)' };

/** All tags of `file`, by group and name, such as `IPTC:City`. */
export function exiftool(file: string): Record<string, unknown> {
  const output = execFileSync('exiftool', ['-G1', '-a', '-u', '-j', '-struct', file], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return (JSON.parse(output) as Record<string, unknown>[])[0] ?? {};
}
