import { lstat } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import type { ExportRequest } from '../../shared/contract/exports.ts';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import type { FileRecord } from '../../shared/jobs.ts';
import { numbered } from '../../shared/name-template.ts';
import { isWithin } from '../intake/collect-sources.ts';
import type { JobCalls } from '../jobs/job-store.ts';
import { gone } from '../media/media-response.ts';

/** A result that is to be exported. */
export interface ChosenResult {
  /** Absolute. */
  path: string;
  /** Where it belongs below the target, with `/`: unlike any other's, letter case and Unicode normalisation set aside. */
  name: string;
  size: number;
  mtime: Date;
  /** Device and inode. */
  identity: string;
}

export type Selection = ExportRequest['what'];

type Jobs = Pick<JobCalls, 'batch' | 'file' | 'files'>;

/** Files that the journal is asked for at once. */
const AT_ONCE = 500;

/**
 * The results that a page has chosen, as the folders of their batches hold them, those of several batches together. What
 * is not there, or is a link now, becomes a problem. Throws `not-found` for a batch that is not known.
 */
export async function chosenResults(
  jobs: Jobs,
  what: Selection,
): Promise<{ results: ChosenResult[]; problems: string[] }> {
  const results: ChosenResult[] = [];
  const problems: string[] = [];
  const taken = new Set<string>();
  const files = what.kind === 'batches' ? filesOf(jobs, what.batchIds) : filesWith(jobs, what.fileIds);
  for await (const found of files) {
    const result = found instanceof EnlargerError ? found : await look(found.file, found.out);
    if (result instanceof EnlargerError) problems.push(result.message);
    else results.push({ ...result, name: freeName(result.name, taken) });
  }
  return { results, problems };
}

interface Found {
  file: FileRecord;
  /** Folder for results of its batch. */
  out: string;
}

async function* filesOf(jobs: Jobs, batchIds: readonly number[]): AsyncGenerator<Found> {
  for (const batchId of new Set(batchIds)) {
    const { out } = await jobs.batch(batchId);
    for (let after = -1; ; ) {
      const files = await jobs.files(batchId, { states: ['done'], after, limit: AT_ONCE });
      for (const file of files) yield { file, out };
      const last = files.at(-1);
      if (!last || files.length < AT_ONCE) break;
      after = last.position;
    }
  }
}

async function* filesWith(jobs: Jobs, fileIds: readonly number[]): AsyncGenerator<Found | EnlargerError> {
  const outs = new Map<number, string>();
  for (const fileId of new Set(fileIds)) {
    try {
      const file = await jobs.file(fileId);
      const out = outs.get(file.batchId) ?? (await jobs.batch(file.batchId)).out;
      outs.set(file.batchId, out);
      yield { file, out };
    } catch (error) {
      yield asEnlargerError(error, 'not-found');
    }
  }
}

async function look({ source, result }: FileRecord, out: string): Promise<ChosenResult | EnlargerError> {
  if (!result) return new EnlargerError('not-found', `${source}: there is no result of it yet.`);
  const path = result.target;
  const found = await lstat(path).catch(() => undefined);
  // What stands there now as a link is not what was written.
  if (!found?.isFile()) return gone(path);
  const { size, mtime, dev, ino } = found;
  return { path, name: nameIn(out, path), size, mtime, identity: `${dev}:${ino}` };
}

function nameIn(out: string, target: string): string {
  return isWithin(target, out) ? relative(out, target).split(sep).join('/') : basename(target);
}

/** The name of a result in a ZIP: composed, and on no system anything but a path below where it is unpacked. */
export function nameInZip(name: string): string {
  return name
    .normalize('NFC')
    .replaceAll('\\', '_')
    .replace(/^([a-z]):/i, '$1_');
}

/** A name that no other result has; notes that it is taken. */
function freeName(name: string, taken: Set<string>): string {
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : folder + numbered(name.slice(folder.length), number);
    const key = nameInZip(free).toLowerCase();
    if (taken.has(key)) continue;
    taken.add(key);
    return free;
  }
}
