import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cancelledError } from '../../shared/errors.ts';
import { commitResult } from '../batch/commit-result.ts';
import type { ChosenResult } from './chosen-results.ts';
import { inWords } from './copy-result.ts';
import type { ExportCounts } from './export-counts.ts';
import type { Temporaries } from './temporaries.ts';
import { zipStream } from './zip-stream.ts';

export interface ZipExport {
  results: readonly ChosenResult[];
  /** Absolute; it is there. */
  out: string;
  /** Of the ZIP; it is numbered where something stands under it. */
  name: string;
  temporaries: Temporaries;
  counts: ExportCounts;
  signal: AbortSignal;
}

/**
 * Writes results into one ZIP, which appears when it is whole; resolves to its path. A result that is gone becomes a
 * problem. Throws `disk-full`, `cancelled`, or why it cannot be written; nothing of it is left then.
 */
export async function exportZip({
  results,
  out,
  name,
  temporaries,
  counts,
  signal,
}: ZipExport): Promise<string> {
  const target = join(out, name);
  const temporary = await temporaries.in(out);
  try {
    {
      await using file = await open(temporary, 'wx');
      const body = zipStream(results, {
        bytes: (count) => counts.bytes(count),
        done: () => counts.done(),
        leftOut: ({ size }, reason) => counts.problem(reason.message, size),
      });
      const write = async (pieces: AsyncIterable<Buffer>) => {
        for await (const piece of pieces) await file.writeFile(piece);
      };
      await pipeline(body, write, { signal });
      await file.sync();
    }
    if (signal.aborted) throw cancelledError(signal);
    // Nothing is replaced: nothing need be asked.
    const commit = { temporary, target, policy: 'number' as const, isSource: async () => false };
    return (await commitResult({ ...commit, intend: async () => {} })) ?? target;
  } catch (error) {
    await rm(temporary, { force: true });
    throw signal.aborted ? cancelledError(signal) : inWords(error, target);
  }
}
