import type { Batch } from '../../../src/main/batch/prepare-batch.ts';
import { queueBatch } from '../../../src/main/batch/queue-batch.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';

/**
 * A program that queues a thousand files in the journal in the folder that its first argument names, and kills itself in
 * the middle of one of its calls to the journal: of the one whose number is its second, counted from 0.
 */
const [folder = '', fatal] = process.argv.slice(2);
const worker = startMainWorker();
const { jobs } = await openJobStore(worker, folder);
let calls = 0;
const fragile: typeof jobs = new Proxy(jobs, {
  get: (store, name) => {
    const call = Reflect.get(store, name) as (...args: unknown[]) => unknown;
    return (...args: unknown[]) => {
      const answer = call(...args);
      if (String(calls++) === fatal) process.kill(process.pid, 'SIGKILL');
      return answer;
    };
  },
});
const session = {
  ...({ modelId: 'm', variant: 'fp32', dtype: 'uint8', file: '/models/m.onnx', provider: 'cpu' } as const),
  ...{ sha256: 'cafe', threads: 1 },
};
const batch: Batch = {
  recipe: {
    ...({ out: '/out', format: 'keep', template: '{name}', onCollision: 'skip' } as const),
    plan: {
      ...{ modelId: 'm', scale: 2, receptiveRadius: 8, tile: { width: 64, height: 64 } },
      ...{ shallow: session, deep: session },
    },
  },
  files: Array.from({ length: 1_000 }, (_, index) => ({
    source: { path: `/in/${index}.jpg`, folder: '', identity: `1:${index}` },
    probe: { width: 10, height: 10, format: 'jpeg', alpha: false, deep: false, pages: 1 },
    ...({ target: `/out/${index}.jpg`, format: 'jpeg', notes: [], size: 1_000, mtimeNs: '1' } as const),
  })),
  ...{ sources: new Map<string, string>(), skipped: [], refused: [] },
};
await queueBatch(fragile, batch, 'cli');
await jobs.close();
await worker.close();
