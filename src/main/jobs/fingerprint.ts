import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { asEnlargerError } from '../../shared/errors.ts';
import { hashFile } from '../worker/hash-file.ts';

/** A file changed so lately could change again without its date changing: file systems count in steps. */
const SETTLED = 2_000n * 1_000_000n;

export interface KnownFingerprints {
  get(stats: BigIntStats): string | undefined;
  set(stats: BigIntStats, sha256: string): void;
}

/** SHA-256 of the bytes of the file at `path`, from `known` if it has not changed. Throws `not-found`. */
export async function fingerprint(path: string, known: KnownFingerprints): Promise<string> {
  try {
    const before = await stat(path, { bigint: true });
    const remembered = known.get(before);
    if (remembered !== undefined) return remembered;
    const sha256 = await hashFile(path);
    const after = await stat(path, { bigint: true });
    const unchanged = before.mtimeNs === after.mtimeNs && before.size === after.size;
    const settled = BigInt(Date.now()) * 1_000_000n - after.mtimeNs > SETTLED;
    if (unchanged && settled) known.set(after, sha256);
    return sha256;
  } catch (error) {
    throw asEnlargerError(error, 'not-found', { file: path });
  }
}
