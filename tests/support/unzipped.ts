import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';

/** What a ZIP holds, by name, in its order. */
export async function unzipped(zip: Buffer): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  const opened = await fromBufferPromise(zip);
  for await (const entry of opened.eachEntry()) {
    files[entry.fileName] = await buffer(await opened.openReadStreamPromise(entry));
  }
  return files;
}
