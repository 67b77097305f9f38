import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asEnlargerError, cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { CollisionPolicy } from '../batch/commit-result.ts';
import type { ChosenResult } from './chosen-results.ts';
import { copyResult, inWords } from './copy-result.ts';
import type { ExportCounts } from './export-counts.ts';
import type { Temporaries } from './temporaries.ts';

export interface FolderExport {
  results: readonly ChosenResult[];
  /** Absolute; it is there. */
  out: string;
  policy: CollisionPolicy;
  /** Whether a file (device and inode) is an original of any batch. */
  isOriginal(identity: string): Promise<boolean>;
  temporaries: Temporaries;
  counts: ExportCounts;
  signal: AbortSignal;
}

/**
 * Copies results into a folder, in folders as those of their batches. One that cannot be copied becomes a problem, and the
 * rest goes on. Throws what no other would be better off with: `disk-full`, `cancelled`, an output folder that is gone.
 */
export async function exportFolder({
  results,
  out,
  policy,
  isOriginal,
  temporaries,
  counts,
  signal,
}: FolderExport) {
  const own = new Set(results.map(({ identity }) => identity));
  const isProtected = async (identity: string) => own.has(identity) || (await isOriginal(identity));
  for (const result of results) {
    if (signal.aborted) throw cancelledError(signal);
    const target = join(out, ...result.name.split('/'));
    let copied = 0;
    const onBytes = (count: number) => {
      copied += count;
      counts.bytes(count);
    };
    try {
      await makeFolder(dirname(target), out);
      const placed = await copyResult(result, { target, policy, isProtected, temporaries, signal, onBytes });
      if (placed === undefined) counts.skipped(result.size - copied);
      else counts.done();
    } catch (error) {
      const typed = asEnlargerError(error, 'internal', { file: target });
      if (typed.code === 'disk-full' || typed.code === 'cancelled') throw typed;
      await expectThere(out);
      counts.problem(typed.message, result.size - copied);
    }
  }
}

/** Makes a folder in `out`. Where that is gone, perhaps with its drive, it is not made anew on another. */
async function makeFolder(folder: string, out: string): Promise<void> {
  await expectThere(out);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw inWords(error, folder);
  });
}

async function expectThere(out: string): Promise<void> {
  await stat(out).catch((error: unknown) => {
    const reason = `${out}: this folder is gone. Export again, or choose another.`;
    throw new EnlargerError('not-found', reason, { file: out, cause: error });
  });
}
