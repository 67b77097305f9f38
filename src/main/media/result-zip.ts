import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { FileRecord } from '../../shared/jobs.ts';
import { isWithin } from '../intake/collect-sources.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { numbered } from '../naming/name-template.ts';

interface Entry {
  path: string;
  name: string;
  size: number;
  mtime: Date;
}

/** Files that the journal is asked for at once. */
const AT_ONCE = 500;

/**
 * The results of a batch as one ZIP that mirrors its folder. Pictures are stored as they are, they would not become
 * smaller; one is read at a time, as fast as the ZIP is. `bytes`: of the whole ZIP, where they are known. Undefined if
 * none of the results is there any more.
 */
export async function zipResults(
  jobs: Pick<JobStore, 'batch' | 'files'>,
  batchId: number,
): Promise<{ body: Readable; bytes: number | undefined } | undefined> {
  const entries = await entriesOf(jobs, batchId);
  if (entries.length === 0) return undefined;
  const zip = new ZipFile();
  const body = zip.outputStream as Readable;
  let reading: Readable | undefined;
  for (const { path, name, size, mtime } of entries) {
    zip.addReadStreamLazy(name, { size, mtime, compress: false }, (take) => {
      // Of a file that has grown since, what was announced: the ZIP's own length depends on it.
      reading = size === 0 ? createReadStream(path) : createReadStream(path, { end: size - 1 });
      reading.on('error', (error) => body.destroy(error));
      take(null, reading);
    });
  }
  zip.on('error', (error: Error) => body.destroy(error));
  body.on('close', () => reading?.destroy());
  const bytes = await new Promise<number>((resolve) => {
    zip.end({ forceZip64Format: false, comment: '' }, resolve as () => void);
  });
  return { body, bytes: bytes >= 0 ? bytes : undefined };
}

async function entriesOf(jobs: Pick<JobStore, 'batch' | 'files'>, batchId: number): Promise<Entry[]> {
  const { out } = await jobs.batch(batchId);
  const entries: Entry[] = [];
  const taken = new Set<string>();
  for (let after = -1; ; ) {
    const files: FileRecord[] = await jobs.files(batchId, { states: ['done'], after, limit: AT_ONCE });
    for (const { result } of files) {
      const found = result && (await lstat(result.target).catch(() => undefined));
      // What stands there now as a link is not what was written.
      if (!result || !found?.isFile()) continue;
      const name = freeName(nameIn(out, result.target), taken);
      entries.push({ path: result.target, name, size: found.size, mtime: found.mtime });
    }
    const last = files.at(-1);
    if (!last || files.length < AT_ONCE) return entries;
    after = last.position;
  }
}

function nameIn(out: string, target: string): string {
  const name = isWithin(target, out) ? relative(out, target).split(sep).join('/') : basename(target);
  return name.normalize('NFC');
}

/** A name that no other entry has, also where letter case is not told apart; notes that it is taken. */
function freeName(name: string, taken: Set<string>): string {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : folder + numbered(name.slice(folder.length), number);
    const key = free.toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return free;
  }
}
