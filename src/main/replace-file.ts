import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.ts';

/**
 * Replaces a small file as a whole: after any crash it is the old one or the new. Its folder is made if missing. What
 * lies beside it under its name and `.new` was never finished.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  {
    await using file = await open(temporary, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}
