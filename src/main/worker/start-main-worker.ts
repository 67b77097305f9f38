import { entryFile } from '../../shared/entry-file.ts';
import { ThreadClient } from '../../threads/thread-rpc.ts';
import type { MainService } from './main-service.ts';

export type MainWorker = ThreadClient<MainService>;

/** Starts main's one worker thread. Who starts it closes it, after everything that uses it. */
export function startMainWorker(): MainWorker {
  return new ThreadClient(entryFile(import.meta.url, './main-worker.ts', 'main-worker.js'), 'main-worker');
}
