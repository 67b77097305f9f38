import { entryFile } from '../../../shared/entry-file.ts';
import { EnlargerError } from '../../../shared/errors.ts';
import { ThreadClient } from '../../../threads/thread-rpc.ts';
import { heicError } from './heic-refusal.ts';
import type { HeicService } from './heic-service.ts';
import type { HeicPicture } from './primary-picture.ts';

/**
 * Decodes the primary picture of `source` on a thread of its own, which ends with it: its memory goes back,
 * and nothing that a hostile file did to the decoder outlives that file. After `limit` milliseconds the
 * thread is ended early. Throws typed errors that name `source`.
 */
export async function decodeOnThread(source: string, limit: number): Promise<HeicPicture> {
  const entry = entryFile(import.meta.url, './heic-worker.ts', 'heic-worker.js');
  const thread = new ThreadClient<HeicService>(entry, 'heic');
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new EnlargerError('decode-failed', `not decoded within ${Math.ceil(limit / 1000)} seconds`));
  }, limit);
  try {
    return await Promise.race([thread.ask('decode', { source }), late.promise]);
  } catch (error) {
    // What the service refuses names the file already; a thread that ended does not.
    throw error instanceof EnlargerError && error.file === source ? error : heicError(error, source);
  } finally {
    clearTimeout(timer);
    await thread.close();
  }
}
