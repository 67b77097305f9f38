import type { RequestInput } from '../../shared/engine-protocol.ts';
import { entryFile } from '../../shared/entry-file.ts';
import type { ModelFindings } from '../../shared/probing.ts';
import { ThreadClient } from '../../threads/thread-rpc.ts';
import type { ProbingService } from './probing-worker.ts';
import { refusal } from './refusal.ts';

/** Milliseconds after which nobody waits any more; trials keep to less unless one of them does not end. */
const LIMIT = 150_000;

/**
 * Examines a model on a thread of its own, which is there only while it is needed. A run cannot be interrupted: where one takes too
 * long the answer is given without it, and the thread ends after it.
 */
export async function examineOnThread(
  { file, ...asked }: RequestInput<'examineModel'>,
  limit = LIMIT,
): Promise<ModelFindings> {
  const entry = entryFile(import.meta.url, './probing-worker.ts', 'probing-worker.js');
  const thread = new ThreadClient<ProbingService>(entry, 'probing');
  const givenUp = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const answer = thread.ask('examine', { file, ...asked, givenUp });
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    Atomics.store(new Int32Array(givenUp), 0, 1);
    late.reject(refusal(file, ['trying it takes too long on this machine'], 'Choose a smaller one.'));
  }, limit);
  const close = () => {
    clearTimeout(timer);
    return thread.close();
  };
  const ended = answer.then(close, close);
  const findings = await Promise.race([answer, late.promise]);
  await ended;
  return findings;
}
