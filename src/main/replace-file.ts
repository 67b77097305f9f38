import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from './sync-folder.ts';

/** Milliseconds after which no process can still be writing so small a file. */
const LEFT_OVER = 3_600_000;

/**
 * Replaces a small file as a whole: after any crash it is the old one or the new, and of several processes that replace
 * it at once the last one's stays. Its folder is made if missing. What lies beside it under its name, a number and `.new` was never
 * finished; once it is an hour old, the next replacement removes it.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  // Processes in two containers may have one id: only a number drawn by chance is nobody else's.
  const temporary = `${path}.${randomBytes(8).toString('hex')}.new`;
  try {
    {
      await using file = await open(temporary, 'wx', 0o600);
      await file.writeFile(text);
      await file.sync();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
  await removeLeftovers(path).catch(() => {});
}

async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const start = `${basename(path)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(start) || !/^[0-9a-f]{16}\.new$/.test(name.slice(start.length))) continue;
    const leftover = join(folder, name);
    const { mtimeMs } = await stat(leftover);
    if (Date.now() - mtimeMs > LEFT_OVER) await rm(leftover, { force: true });
  }
}
