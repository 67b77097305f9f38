import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { RequestInput } from '../../shared/engine-protocol.ts';
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
  const entry = entryFile(import.meta.url, './quantisation-worker.ts', 'quantisation-worker.js');
  const folder = join(scratch, `quantise-${work.jobId}`);
  await mkdir(folder);
  const thread = new ThreadClient<QuantisationService>(entry, 'quantisation');
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
