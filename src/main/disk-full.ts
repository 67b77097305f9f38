const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Whether a system call failed because the disk, or a user's share of it, is full. */
export function isDiskFull(error: unknown): boolean {
  return FULL.has((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
