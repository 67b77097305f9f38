import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const CHUNK = 1 << 20;

/** SHA-256 of a file's bytes, in hexadecimal; its thread stays free for others between two chunks. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await using file = await open(path, 'r');
  const chunk = new Uint8Array(CHUNK);
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(chunk.subarray(0, bytesRead));
  }
}
