import type { Command } from 'commander';
import type { JobStore } from '../../main/jobs/job-store.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { BatchRecord, FileRecord } from '../../shared/jobs.ts';
import { EXIT } from '../exit-codes.ts';
import { printable, printableJson } from '../output/printable.ts';
import { counted } from '../output/words.ts';
import { reporterFor, wholeNumber } from '../run-options.ts';
import { openJournal } from './workshop.ts';

interface Flags {
  search?: string;
  limit: number;
  json?: true;
}

/** Adds `jobs`: what was asked for so far and what became of it. */
export function addJobsCommand(program: Command, exit: (code: number) => void): void {
  const jobs = program.command('jobs').description('list the batches of pictures so far, newest first');
  jobs
    .argument('[id]', 'list the files of this batch', parseId)
    .option('--search <text>', 'only what has this in its name')
    .option('--limit <n>', 'at most so many', wholeNumber(1, 1_000_000), 100)
    .option('--json', 'one JSON object a line')
    .action(async (id: number | undefined, flags: Flags) => {
      await withJournal(flags.json ?? false, async (store) => {
        const lines = id === undefined ? await batchLines(store, flags) : await fileLines(store, id, flags);
        process.stdout.write(lines.map((line) => `${line}\n`).join(''));
      });
      exit(EXIT.allDone);
    });
  jobs
    .command('clear')
    .description('forget batches that have ended; pictures are not touched')
    .argument('[ids...]', 'these; all that have ended where none is named', collectId, [])
    .action(async (ids: number[]) => {
      await withJournal(false, async (store) => {
        const cleared = await store.clear(
          ids.length > 0 ? { batchIds: ids } : { endedBefore: Date.now() + 1 },
        );
        process.stdout.write(`${counted(cleared, 'batch', 'batches')} forgotten\n`);
      });
      exit(EXIT.allDone);
    });
}

const parseId = wholeNumber(1, Number.MAX_SAFE_INTEGER);

function collectId(word: string, ids: number[]): number[] {
  return [...ids, parseId(word)];
}

/** Adds `pause` and `cancel`, which also reach a batch that another program is working on. */
export function addEndCommands(program: Command, exit: (code: number) => void): void {
  const ends = [
    ['pause', 'paused', "stop working on a batch; 'enlarger resume' goes on with it"],
    ['cancel', 'cancelled', 'give up what is left of a batch'],
  ] as const;
  for (const [name, state, description] of ends) {
    program
      .command(name)
      .description(description)
      .argument('<id>', 'the batch, as numbered by `enlarger jobs`', wholeNumber(1, Number.MAX_SAFE_INTEGER))
      .action(async (id: number) => {
        await withJournal(false, async (store) => {
          await store.setBatchState(id, state, `${state} by the user`);
          const { state: now } = await store.batch(id);
          process.stdout.write(`Batch ${id} is ${now}.\n`);
        });
        exit(EXIT.allDone);
      });
  }
}

async function withJournal(json: boolean, work: (store: JobStore) => Promise<void>): Promise<void> {
  await using journal = await openJournal((message) => reporterFor(json).warn(message));
  await work(journal.jobs);
}

async function batchLines(store: JobStore, { search, limit, json }: Flags): Promise<string[]> {
  const batches = await store.batches({ search, limit });
  return batches.map((batch) => (json ? printableJson(batch) : printable(batchLine(batch))));
}

function batchLine({ id, createdAt, state, title, out, files, reason }: BatchRecord): string {
  const counts = Object.entries(files)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  const when = new Date(createdAt).toISOString().slice(0, 16).replace('T', ' ');
  const why = reason && state === 'paused' ? ` (${reason})` : '';
  return `${String(id).padStart(4)}  ${when}  ${state.padEnd(9)}  ${title} → ${out}: ${counts.join(', ')}${why}`;
}

async function fileLines(store: JobStore, id: number, { search, limit, json }: Flags): Promise<string[]> {
  await store.batch(id);
  const files = await store.files(id, { search, limit });
  return files.map((file) => (json ? printableJson(file) : printable(fileLine(file))));
}

function fileLine({ state, source, reason, result, paused }: FileRecord): string {
  const what = result ? ` → ${result.target}` : reason ? `: ${reason}` : '';
  return `${(paused ? 'paused' : state).padEnd(9)}  ${source}${what}`;
}

/** The batch of this id, or the newest that `wanted` says yes to. Throws `not-found`. */
export async function batchOr(
  store: JobStore,
  id: number | undefined,
  wanted: (batch: BatchRecord) => boolean,
  none: string,
): Promise<BatchRecord> {
  if (id !== undefined) return store.batch(id);
  const found = (await store.batches({ limit: 1000 })).find(wanted);
  if (!found) throw new EnlargerError('not-found', none);
  return found;
}
