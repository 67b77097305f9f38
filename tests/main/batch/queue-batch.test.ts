import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { journalPath, openCalls } from '../jobs/made-up-jobs.ts';

/** How many files each batch has in the journal after a program was killed in the middle of its call number `fatal`. */
async function filesAfter(fatal: number | undefined): Promise<{ files: number[]; signal: unknown }> {
  const path = await journalPath();
  const script = fileURLToPath(new URL('./queueing-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, dirname(path), String(fatal)], { stdio: 'inherit' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  const batches = await openCalls(path).batches();
  return { files: batches.map(({ files }) => files.queued), signal };
}

it('a batch is in the journal as a whole', async () => {
  expect(await filesAfter(undefined)).toEqual({ files: [1_000], signal: null });
});

it.each([0, 1, 2, 3, 4])(
  'of a batch that was being queued (call %i) when the program was killed nothing is there',
  async (fatal) => {
    expect(await filesAfter(fatal)).toEqual({ files: [], signal: 'SIGKILL' });
  },
);

it('a batch whose last call was cut is there as a whole or not at all', async () => {
  const { files, signal } = await filesAfter(5);
  expect(signal).toBe('SIGKILL');
  expect([[], [1_000]]).toContainEqual(files);
});
