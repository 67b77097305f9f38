import { dirname, resolve } from 'node:path';
import { childProcessHost, engineEntry } from '../../main/engine/child-process-host.ts';
import { modelFolders } from '../../main/installation.ts';
import type { BroughtFile } from '../../main/models/store/brought-file.ts';
import { ModelStore } from '../../main/models/store/model-store.ts';
import { openJournal } from '../batches/workshop.ts';

/** The store of this user's models; `warn` is told if the journal was found broken. */
export async function openStore(
  warn: (message: string) => void,
): Promise<{ store: ModelStore } & AsyncDisposable> {
  const { jobs, ...journal } = await openJournal(warn);
  try {
    const store = await ModelStore.open({
      folders: modelFolders(),
      host: childProcessHost(engineEntry(), { quiet: true }),
      jobs,
      hash: (path) => jobs.fingerprint(path),
    });
    const close = async () => {
      await store.close();
      await journal[Symbol.asyncDispose]();
    };
    return { store, [Symbol.asyncDispose]: close };
  } catch (error) {
    await journal[Symbol.asyncDispose]();
    throw error;
  }
}

/** A file that was named on the command line. */
export const named = (path: string): BroughtFile => ({
  path: resolve(path),
  name: path,
  folder: dirname(resolve(path)),
});
