import { mkdir, readdir, rm } from 'node:fs/promises';
import { engineScratch } from '../shared/engine-protocol.ts';

/** Makes `own`, empty, and removes what engines that were killed have left in `folder`. */
export async function prepareScratch(folder: string, own: string): Promise<void> {
  // Nobody else on this machine has a right to see the pictures.
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const pid = /^engine-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid)))
      await rm(engineScratch(folder, Number(pid)), { recursive: true, force: true });
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
