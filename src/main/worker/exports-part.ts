import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { MessagePort } from 'node:worker_threads';
import { EnlargerError, type SerializedError } from '../../shared/errors.ts';
import type { CollisionPolicy } from '../batch/commit-result.ts';
import { chosenResults, type Selection } from '../exports/chosen-results.ts';
import { inWords } from '../exports/copy-result.ts';
import { type Counts, ExportCounts } from '../exports/export-counts.ts';
import { exportFolder } from '../exports/export-folder.ts';
import { exportZip } from '../exports/export-zip.ts';
import { removeLeftovers, Temporaries, temporaryIn } from '../exports/temporaries.ts';
import { sendZip } from '../exports/zip-line.ts';
import { zipLength, zipStream } from '../exports/zip-stream.ts';
import type { JobCalls } from '../jobs/job-store.ts';

/** What is to be exported, and to which folder. Counts come over `port`, and its end is the export's. */
export interface ExportTask {
  what: Selection;
  /** Absolute; made if it is not there. */
  out: string;
  /** Folder in which it is noted what is being written. */
  notes: string;
  to: { kind: 'folder'; onCollision: CollisionPolicy } | { kind: 'zip'; name: string };
  port: MessagePort;
}

/** How an export ended. */
export interface ExportOutcome {
  counts: Counts;
  /** Path of the ZIP. */
  zip?: string;
  /** Why it ended before all was done. */
  error?: SerializedError;
}

export interface ZipTask {
  what: Selection;
  /** The other end of which `receiveZip` has. */
  port: MessagePort;
}

export interface OpenedZip {
  counts: Counts;
  /** Of the whole ZIP, where they are known. */
  bytes: number | undefined;
}

type Jobs = Pick<JobCalls, 'batch' | 'batches' | 'file' | 'files' | 'hasSource'>;

/** More batches than the journal ever keeps. */
const ALL_BATCHES = 10_000;

/** The part of main's worker thread that copies results to where they are wanted. */
export function exportsPart(jobs: Jobs) {
  return {
    /** Rejects where nothing can be exported at all; else the first counts come before anything is done. */
    exportResults: async ({ what, out, notes, to, port }: ExportTask): Promise<ExportOutcome> => {
      const signal = untilClosed(port);
      const { results, problems } = await chosen(jobs, what);
      await prepareFolder(out);
      await using temporaries = await Temporaries.open(notes);
      const counts = new ExportCounts(results, problems, (now) => port.postMessage(now));
      const common = { results, out, temporaries, counts, signal };
      try {
        if (to.kind === 'zip') {
          const zip = await exportZip({ ...common, name: to.name });
          return { counts: counts.now, zip };
        }
        await exportFolder({ ...common, policy: to.onCollision, isOriginal: originals(jobs) });
        return { counts: counts.now };
      } catch (error) {
        return { counts: counts.now, error: inWords(error, out).toJSON() };
      } finally {
        port.close();
      }
    },
    /** Removes what exports of an earlier run were killed over. */
    removeExportLeftovers: async ({ notes }: { notes: string }): Promise<void> => removeLeftovers(notes),
    /** A ZIP that is sent as it is asked for. Rejects where there is nothing to send. */
    openZip: async ({ what, port }: ZipTask): Promise<OpenedZip> => {
      const { results, problems } = await chosen(jobs, what);
      const counts = new ExportCounts(results, problems, () => {});
      const progress = { bytes: (count: number) => counts.bytes(count), done: () => counts.done() };
      sendZip(
        port,
        () => zipStream(results, progress),
        () => counts.read,
      );
      return { counts: counts.now, bytes: await zipLength(results) };
    },
  };
}

/** Aborts when the other end of `port` is closed. */
function untilClosed(port: MessagePort): AbortSignal {
  const abort = new AbortController();
  port.on('close', () => abort.abort());
  port.start();
  return abort.signal;
}

async function chosen(jobs: Jobs, what: Selection): ReturnType<typeof chosenResults> {
  const found = await chosenResults(jobs, what);
  if (found.results.length > 0) return found;
  const [only, ...others] = found.problems;
  const none = only === undefined ? 'There is no result yet.' : 'None of these results is there any more.';
  throw new EnlargerError('not-found', only !== undefined && others.length === 0 ? only : none);
}

/** Whether a file is an original: a source of any batch that the journal had when this was first asked. */
function originals(jobs: Jobs): (identity: string) => Promise<boolean> {
  let batches: Promise<{ id: number }[]> | undefined;
  return async (identity) => {
    batches ??= jobs.batches({ limit: ALL_BATCHES });
    for (const { id } of await batches) if (await jobs.hasSource(id, identity)) return true;
    return false;
  };
}

/** Makes the folder and a file in it: permissions alone do not tell whether that works. */
async function prepareFolder(out: string): Promise<void> {
  const trial = temporaryIn(out);
  try {
    await mkdir(out, { recursive: true });
    await writeFile(trial, '', { flag: 'wx' });
    await rm(trial);
  } catch (error) {
    throw inWords(error, out);
  }
}
