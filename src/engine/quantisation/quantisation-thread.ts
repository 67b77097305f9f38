import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { RequestInput, RequestOutput } from '../../shared/engine-protocol.ts';
import { entryFile } from '../../shared/entry-file.ts';
import { ThreadClient } from '../../threads/thread-rpc.ts';
import type { QuantisationService } from './quantisation-worker.ts';
import type { OnQuantiseProgress, QuantiseReport } from './quantise.ts';

/** Quantises a model on a thread of its own, which is there only while it is needed, with scratch files in `scratch`. */
export async function quantiseOnThread(
  work: RequestInput<'quantise'>,
  scratch: string,
  onProgress: OnQuantiseProgress,
): Promise<QuantiseReport> {
  const folder = join(scratch, `quantise-${work.jobId}`);
  await mkdir(folder);
  const thread = startThread();
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (progress: Parameters<OnQuantiseProgress>) => onProgress(...progress));
  try {
    return await thread.ask('quantise', { work, scratch: folder, port: port2 }, [port2]);
  } finally {
    port1.close();
    await thread.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Makes the half-precision form of a model on such a thread. */
export async function makeHalfOnThread(work: RequestInput<'makeHalf'>): Promise<RequestOutput<'makeHalf'>> {
  const thread = startThread();
  try {
    return await thread.ask('makeHalf', work);
  } finally {
    await thread.close();
  }
}

function startThread(): ThreadClient<QuantisationService> {
  const entry = entryFile(import.meta.url, './quantisation-worker.ts', 'quantisation-worker.js');
  return new ThreadClient<QuantisationService>(entry, 'quantisation');
}
