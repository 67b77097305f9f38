import { errorOf } from '../../shared/contract/error.ts';
import { withoutName } from '../components/file-names.ts';
import { entryFiles } from './entry-files.ts';
import { changeEntry, entryOf } from './intake-store.ts';
import { Lanes } from './lanes.ts';
import { sendUpload } from './send-upload.ts';

/** Uploads at a time: enough to keep the line busy while one waits for the disk. */
const lanes = new Lanes(3);
const sending = new Map<string, AbortController>();

/** Brings what the browser holds of an entry to main. Resolves when it is there, has failed, or is not wanted any more. */
export async function uploadEntry(key: string): Promise<void> {
  const found = entryFiles.get(key);
  if (!found) return;
  const stop = new AbortController();
  sending.set(key, stop);
  changeEntry(key, { state: 'uploading', progress: 0 });
  try {
    const uploaded = await lanes.run(() => {
      stop.signal.throwIfAborted();
      const onProgress = (progress: number) => changeEntry(key, { progress });
      return sendUpload(found, { signal: stop.signal, onProgress });
    });
    changeEntry(key, { state: 'ready', progress: 1, input: { kind: 'upload', id: uploaded.id } });
  } catch (error) {
    const name = found.file.name;
    if (entryOf(key))
      changeEntry(key, { state: 'failed', reason: withoutName(errorOf(error).message, name) });
  } finally {
    sending.delete(key);
  }
}

/** Breaks off the upload of an entry, where it is on its way. */
export function stopUpload(key: string): void {
  sending.get(key)?.abort();
}
