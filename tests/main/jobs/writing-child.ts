import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';

/**
 * A program that works off the first batch of the journal in the folder that its argument names, and writes the id
 * of each file to standard output once it is journaled as done. It ends when nothing is left, or is killed.
 */
const worker = startMainWorker();
const { jobs } = await openJobStore(worker, process.argv[2] ?? '');
const owner = await jobs.registerOwner();
for (;;) {
  const files = await jobs.take(1, owner, 4);
  if (files.length === 0) break;
  await Promise.all(
    files.map(async ({ id, target, temporary }) => {
      await jobs.move(owner, id, 'enhancing');
      const result = {
        ...{ target, sha256: 'cafe', bytes: 1, timings: {}, fidelity: [], notes: [], sourceSha256: null },
      };
      await jobs.intend(owner, id, { ...result, temporary, replaces: false });
      await jobs.finish(owner, id, { state: 'done', ...result });
      process.stdout.write(`${id}\n`);
    }),
  );
}
await jobs.close();
await worker.close();
