import type { Command } from 'commander';
import type { Workshop } from '../../main/batch/batch-runner.ts';
import type { EngineOptions } from '../../main/batch/workshop.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { BatchRecord } from '../../shared/jobs.ts';
import type { Reporter } from '../output/reporter.ts';
import { addRunOptions, interruptible, reporterFor, wholeNumber } from '../run-options.ts';
import { batchOr } from './jobs-command.ts';
import { runBatches } from './run-batches.ts';
import { openWorkshop } from './workshop.ts';

interface Flags extends EngineOptions {
  json?: true;
}

const ID = wholeNumber(1, Number.MAX_SAFE_INTEGER);
/** What progress is counted in till the engine has counted: the plans of batches may differ. */
const USUAL_TILE = { width: 256, height: 256 };

/** Adds `resume` and `retry`: both go on with what the journal knows. */
export function addResumeCommands(program: Command, exit: (code: number) => void): void {
  addRunOptions(program.command('resume'))
    .description('go on with what was interrupted')
    .argument('[id]', 'this batch; every one that is not at its end where none is named', ID)
    .action(async (id: number | undefined, flags: Flags) => {
      exit(await goOn(flags, ({ jobs }) => unfinished(jobs, id)));
    });
  addRunOptions(program.command('retry'))
    .description('do again what failed')
    .argument('[id]', 'of this batch; of the newest with failures where none is named', ID)
    .option('--failed', 'the failed ones (the default)')
    .option('--cancelled', 'the cancelled ones')
    .action(async (id: number | undefined, flags: Flags & { failed?: true; cancelled?: true }) => {
      const which = { failed: flags.failed ?? !flags.cancelled, cancelled: flags.cancelled ?? false };
      exit(await goOn(flags, ({ jobs }) => queuedAgain(jobs, id, which)));
    });
}

type Jobs = Workshop['jobs'];

async function goOn(flags: Flags, choose: (workshop: Workshop) => Promise<number[]>): Promise<number> {
  const started = performance.now();
  const reporter = reporterFor(flags.json ?? false);
  return interruptible(async (signal) => {
    await using workshop = await openWorkshop(flags, (message) => reporter.warn(message));
    const batchIds = await choose(workshop);
    return await runBatches(workshop, batchIds, reporter, {
      sequential: flags.sequential,
      tile: USUAL_TILE,
      onBatch: (batchId) => announce(workshop.jobs, batchId, reporter),
      signal,
      started,
    });
  });
}

/** Tells what is left to do of a batch; nothing for one in which nothing ever could be done. */
async function announce(jobs: Jobs, batchId: number, reporter: Reporter): Promise<void> {
  const [{ out, files }, plan] = await Promise.all([jobs.batch(batchId), jobs.planOf(batchId)]);
  if (!plan) return;
  reporter.started({ batchId, out, plan, files: files.queued, skipped: [], refused: [], again: true });
}

async function unfinished(jobs: Jobs, id: number | undefined): Promise<number[]> {
  if (id !== undefined) {
    const batch = await jobs.batch(id);
    if (!isUnfinished(batch)) {
      throw new EnlargerError(
        'bad-argument',
        `Batch ${id} is at its end (${batch.state}). 'enlarger retry ${id}' does again what failed.`,
      );
    }
    return queued(jobs, [batch]);
  }
  const batches = (await jobs.batches({ limit: 1000 })).filter(isUnfinished);
  if (batches.length === 0)
    throw new EnlargerError('not-found', 'Nothing was interrupted: every batch is at its end.');
  return queued(jobs, batches.reverse());
}

/** Ids of these batches, of which none is paused any more. */
async function queued(jobs: Jobs, batches: readonly BatchRecord[]): Promise<number[]> {
  for (const { id, state } of batches) if (state === 'paused') await jobs.setBatchState(id, 'queued');
  return batches.map(({ id }) => id);
}

function isUnfinished({ state }: BatchRecord): boolean {
  return state === 'queued' || state === 'running' || state === 'paused';
}

async function queuedAgain(
  jobs: Jobs,
  id: number | undefined,
  which: { failed: boolean; cancelled: boolean },
): Promise<number[]> {
  const has = ({ files }: BatchRecord) =>
    (which.failed && files.failed > 0) || (which.cancelled && files.cancelled > 0);
  const batch = await batchOr(jobs, id, has, 'No batch has files to try again.');
  if ((await jobs.retry(batch.id, which)) === 0) {
    throw new EnlargerError('not-found', `Batch ${batch.id} has no files to try again.`);
  }
  return [batch.id];
}
