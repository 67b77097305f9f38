import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder of scratch files of the engine with this process id. */
export function scratchOf(folder: string, pid: number): string {
  return join(folder, `engine-${pid}`);
}

/** Makes `own`, empty, and removes what engines that were killed have left in `folder`. */
export async function prepareScratch(folder: string, own: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const pid = /^engine-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid)))
      await rm(scratchOf(folder, Number(pid)), { recursive: true, force: true });
  }
  await rm(own, { recursive: true, force: true });
  await mkdir(own);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
