import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { childProcessHost, engineEntry } from '../../../../src/main/engine/child-process-host.ts';
import { type ModelFolders, modelsFolder } from '../../../../src/main/installation.ts';
import type { JobStore } from '../../../../src/main/jobs/job-store.ts';
import { ModelStore, type StoreOptions } from '../../../../src/main/models/store/model-store.ts';
import { openJobStore } from '../../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../../src/main/worker/start-main-worker.ts';
import { compactNetwork } from '../../../engine/quantisation/networks.ts';
import { temporaryFolder } from '../../../support/pictures.ts';

/** A folder with an ONNX file `name` in it: float, [1, 3, h, w], enlarging `scale` times. Other widths make other bytes. */
export async function networkFile(name: string, { scale = 2, width = 4 } = {}): Promise<string> {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, compactNetwork({ width, layers: 1, scale }));
  return file;
}

export interface OpenedStore {
  store: ModelStore;
  folders: ModelFolders;
  jobs: JobStore;
  /** Everything in the folder of added models, whatever its name. */
  inside(): Promise<string[]>;
  /** Another store of the same models, as another process has it. */
  another(change?: Partial<StoreOptions>): Promise<ModelStore>;
}

/** A store with the models that ship, a journal and engines of its own; all of it real, and gone with the test. */
export async function openStore(change: Partial<StoreOptions> = {}): Promise<OpenedStore> {
  const state = await temporaryFolder();
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, state);
  onTestFinished(async () => {
    await jobs.close();
    await worker.close();
  });
  const folders = { shipped: modelsFolder(), added: join(state, 'models') };
  const another = (more: Partial<StoreOptions> = {}) =>
    ModelStore.open({
      folders,
      host: childProcessHost(engineEntry(), { quiet: true }),
      jobs,
      hash: (path) => jobs.fingerprint(path),
      ...change,
      ...more,
    });
  const inside = () => readdir(folders.added, { recursive: true }).catch(() => []);
  return { store: await another(), folders, jobs, inside, another };
}

/** A folder of added models with a copy of `photo-x2` under the id `mine`; no engine has seen it. */
export async function addedCopy(added: string, id = 'mine'): Promise<string> {
  const folder = join(added, id);
  await mkdir(added, { recursive: true });
  await cp(join(modelsFolder(), 'photo-x2'), folder, { recursive: true });
  return folder;
}
