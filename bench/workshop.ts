import { join } from 'node:path';
import { openWorkshop } from '../src/cli/batches/workshop.ts';
import { BatchRunner, type RunnerOptions, type Workshop } from '../src/main/batch/batch-runner.ts';
import { prepareBatch } from '../src/main/batch/prepare-batch.ts';
import { queueBatch } from '../src/main/batch/queue-batch.ts';
import type { Plan } from '../src/shared/plan.ts';
import { cores } from './harness.ts';

/** Bytes. */
const MEMORY_BUDGET = 2e9;
/** As many files as the command line hands over at once. */
const IN_FLIGHT = 6;

/** A journal and a supervised engine in this process, as the command line has them; state and scratch below `folder`. */
export async function openBenchWorkshop(folder: string): Promise<Workshop & AsyncDisposable> {
  const stack = new AsyncDisposableStack();
  for (const [name, path] of Object.entries({ ENLARGER_HOME: join(folder, 'home'), TMPDIR: folder })) {
    const before = process.env[name];
    stack.defer(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
    process.env[name] = path;
  }
  try {
    const options = { workers: cores, sequential: false, memoryBudget: MEMORY_BUDGET };
    const workshop = stack.use(
      await openWorkshop(options, (message) => process.stderr.write(`${message}\n`)),
    );
    return { ...workshop, [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/** Queues all pictures in the folder `source`; resolves to the id of their batch. */
export async function queue(workshop: Workshop, source: string, out: string, plan: Plan): Promise<number> {
  const recipe = { out, plan, format: 'keep', template: '{name}', onCollision: 'skip' } as const;
  return queueBatch(workshop.jobs, await prepareBatch([source], false, recipe, workshop), 'cli');
}

/** Works on a batch as the command line does; `told` is called with what it tells. */
export function runner(
  workshop: Workshop,
  batchId: number,
  told: Partial<Pick<RunnerOptions, 'onFile' | 'onProgress'>> = {},
): BatchRunner {
  const silent = { onFile: () => {}, onProgress: () => {}, onObstacle: () => {} };
  return new BatchRunner(workshop, batchId, { inFlight: IN_FLIGHT, otherFolders: [], ...silent, ...told });
}
