import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ChangeFeed } from '../../../src/main/jobs/change-feed.ts';
import { type JobService, openJobService } from '../../../src/main/jobs/job-service.ts';
import type {
  EndedFile,
  Intent,
  JobCalls,
  NewBatch,
  Owner,
  PlannedFile,
} from '../../../src/main/jobs/job-store.ts';
import type { FileResult } from '../../../src/shared/jobs.ts';
import type { Plan } from '../../../src/shared/plan.ts';
import { temporaryFolder } from '../../support/pictures.ts';

const session = {
  ...({ modelId: 'm', variant: 'fp32', dtype: 'uint8', file: '/models/m.onnx', provider: 'cpu' } as const),
  sha256: 'cafe',
  threads: 1,
};

export const plan: Plan = {
  ...{ modelId: 'm', scale: 2, receptiveRadius: 8, tile: { width: 64, height: 64 } },
  ...{ shallow: session, deep: session },
};

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A file of ten by ten pixels. */
export function plannedFile(name: string, out = '/out'): PlannedFile {
  return {
    ...{ source: `/in/${name}.jpg`, folder: '', identity: `1:${name}`, target: join(out, `${name}.jpg`) },
    ...{ format: 'jpeg', notes: [], sourceSize: 1000, sourceMtimeNs: '1700000000123456789', plan },
    facts: { width: 10, height: 10, format: 'jpeg', alpha: false, deep: false, pages: 1 },
  };
}

export const refusedFile: EndedFile = {
  source: '/in/broken.jpg',
  ended: { state: 'failed', code: 'decode-failed', reason: '/in/broken.jpg: is no picture.' },
};

/** Files are called by letters or numbers: `newBatch('abc')` has three. */
export function newBatch(names: Iterable<string>, changes: Partial<NewBatch> = {}): NewBatch {
  const files = [...names].map((name) => plannedFile(name, changes.out));
  return { title: 'Holidays', recipe: { format: 'keep' }, out: '/out', shell: 'cli', files, ...changes };
}

export function resultAt(target: string, content = 'result'): FileResult {
  return {
    ...{ target, sha256: sha256(content), bytes: Buffer.byteLength(content), timings: { decode: 1.5 } },
    ...{ fidelity: [{ what: 'exif', became: 'kept' }], notes: ['A note.'], sourceSha256: sha256('source') },
  };
}

export function intentFor(target: string, temporary: string, content = 'result'): Intent {
  return { ...resultAt(target, content), temporary, replaces: false };
}

/** The calls of a journal in this thread. */
export function openCalls(path: string): JobCalls & { close(): void } {
  const service: JobService = openJobService(path, new ChangeFeed());
  let open = true;
  const close = () => {
    if (open) service.close();
    open = false;
  };
  onTestFinished(close);
  return { ...service.calls, close };
}

export async function journalPath(): Promise<string> {
  return join(await temporaryFolder(), 'journal.db');
}

export async function newCalls(): Promise<JobCalls & { close(): void }> {
  return openCalls(await journalPath());
}

/** Takes files of a new batch with these names: all, unless told how many. */
export async function inWork(jobs: JobCalls, names: string, out = '/out', count = names.length) {
  const batchId = await jobs.addBatch(newBatch(names, { out }));
  const owner = await jobs.registerOwner();
  return { batchId, owner, files: await jobs.take(batchId, owner, count) };
}

/** Ends every queued file of a batch as done. */
export async function finishAll(jobs: JobCalls, batchId: number, owner: Owner): Promise<void> {
  for (const { id, target } of await jobs.take(batchId, owner, 1_000)) {
    await jobs.finish(owner, id, { state: 'done', ...resultAt(target) });
  }
}

export async function writeText(path: string, text: string): Promise<string> {
  await writeFile(path, text);
  return path;
}
