import { rm, stat, writeFile } from 'node:fs/promises';
import { FileLock } from '../../src/main/file-lock.ts';

/** Far more than two processes need. */
const PATIENCE = 30_000;

/**
 * A program that takes each lock whose path it is sent, looks while it has it whether it is alone, lets it go, and answers
 * with what it saw.
 */
process.on('message', (path: string) => {
  withLock(path).then(
    (end) => process.send?.(end),
    (error: unknown) => process.send?.(String(error)),
  );
});

async function withLock(path: string): Promise<string> {
  await using lock = await FileLock.take(path, { patience: PATIENCE });
  if (!lock) return 'never had it';
  const inside = `${path}-inside`;
  await writeFile(inside, '', { flag: 'wx' });
  // Long enough for another to come in, were it let in.
  for (let look = 0; look < 50; look++) await stat(inside);
  await rm(inside);
  return 'alone';
}
