import { open } from 'node:fs/promises';

/** Writes a file that is not there yet, and waits until it is on the disk. */
export async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  await using handle = await open(path, 'wx');
  await handle.writeFile(bytes);
  await handle.sync();
}
