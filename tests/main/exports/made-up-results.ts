import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { EventHub } from '../../../src/main/application/event-hub.ts';
import { desktopPlaces, webPlaces } from '../../../src/main/application/places.ts';
import { TokenStore } from '../../../src/main/application/token-store.ts';
import { UploadStore } from '../../../src/main/application/upload-store.ts';
import { ExportService } from '../../../src/main/exports/export-service.ts';
import type { EndedFile } from '../../../src/main/jobs/job-store.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import type { Export } from '../../../src/shared/contract/exports.ts';
import type { Out } from '../../../src/shared/contract/input.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { plannedFile, resultAt } from '../jobs/made-up-jobs.ts';

/** Exports of a shell without an engine: a journal in a worker thread, whose results are made up. */
export async function openExports(shell: 'desktop' | 'web' = 'web', state?: string) {
  const folder = state ?? (await temporaryFolder());
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, folder);
  const tokens = new TokenStore();
  const results = join(folder, 'results');
  const uploads = await UploadStore.open(join(folder, 'uploads'));
  const places =
    shell === 'web'
      ? webPlaces({ root: undefined, uploads, tokens, results })
      : desktopPlaces({ tokens, results });
  const hub = new EventHub(jobs);
  const notes = join(folder, 'exports');
  const service = await ExportService.open({ worker, places, hub, shell, notes });
  onTestFinished(async () => {
    await service.close();
    await jobs.close();
    await worker.close();
  });
  /** A batch whose results stand at `targets` below a new folder; `sources`: identities of their originals. */
  const batchOf = async (
    targets: readonly string[],
    { contents = String, sources = [], ended: others = [] }: BatchOptions = {},
  ): Promise<MadeUpBatch> => {
    const out = await temporaryFolder();
    const owner = await jobs.registerOwner();
    const files = targets.map((target, index) => ({
      ...plannedFile(String(index)),
      target: join(out, target),
      ...(sources[index] ? { identity: sources[index] } : {}),
    }));
    const all = [...files, ...others];
    const id = await jobs.addBatch({ title: 'some', recipe: {}, out, shell: 'web', files: all });
    for (const file of await jobs.take(id, owner, targets.length)) {
      await mkdir(dirname(file.target), { recursive: true });
      await writeFile(file.target, contents(relative(out, file.target)));
      await jobs.finish(owner, file.id, { state: 'done', ...resultAt(file.target) });
    }
    return { id, out, what: { kind: 'batches', batchIds: [id] } };
  };
  /** Resolves to an export once it has ended. */
  const ended = (id: number) => exportIs(hub, id, (state) => state !== 'running');
  const outAt = async (path: string) => (await tokens.offer(path)).input as Out;
  return { jobs, hub, service, tokens, state: folder, batchOf, ended, outAt };
}

interface BatchOptions {
  contents?: (target: string) => string | Buffer;
  sources?: string[];
  /** Files without a result. */
  ended?: EndedFile[];
}

interface MadeUpBatch {
  id: number;
  out: string;
  what: { kind: 'batches'; batchIds: number[] };
}

async function exportIs(hub: EventHub, id: number, wanted: (state: Export['state']) => boolean) {
  for await (const { exports } of hub.read(new AbortController().signal)) {
    const found = exports?.find((one) => one.id === id);
    if (found && wanted(found.state)) return found;
  }
  throw new Error('The hub has ended.');
}

/** The files below a folder, by their paths in it, and what they hold. */
export async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [relative(folder, path), await readFile(path, 'utf8')];
  });
  return Object.fromEntries((await Promise.all(read)).sort());
}

/** Device and inode. */
export async function identityOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path);
  return `${dev}:${ino}`;
}
