import { link, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { endOf, startMain } from '../chaos/main-process.ts';
import { makeWorkplace, type Workplace } from '../chaos/workplace.ts';
import type { BatchFile } from '../src/main/batch/prepare-batch.ts';
import { queueBatch } from '../src/main/batch/queue-batch.ts';
import type { JobStore } from '../src/main/jobs/job-store.ts';
import { openJobStore } from '../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../src/main/worker/start-main-worker.ts';
import type { Plan } from '../src/shared/plan.ts';
import { plan } from './engine-run.ts';
import { type Benchmark, spread } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

const FILES = 10_000;
const ROUNDS = 7;
const [WIDTH, HEIGHT] = [160, 120];

/** From the start of `enlarger resume` to the first file that it takes up, of a long batch that main was killed over. */
export const resumeBenchmark: Benchmark = {
  name: 'resume',
  async run() {
    await using folder = await temporaryFolder();
    const place = await makeWorkplace(folder.path);
    await queueMany(join(folder.path, 'in'), place, await plan('photo-x2'));
    // The first one finds nothing in work; the others take over from the one before, which was killed.
    await untilFirstFile(place);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await untilFirstFile(place));
    return [
      {
        measure: `\`enlarger resume\` of ${FILES.toLocaleString('en')} files to the first one taken up`,
        seen: `${spread(times)} s`,
        bar: '< 1 s',
        met: Math.max(...times) < 1,
      },
    ];
  },
};

/** Seconds; main is killed then. */
async function untilFirstFile(place: Workplace): Promise<number> {
  const begun = performance.now();
  const main = startMain(['resume'], place);
  let time = Number.POSITIVE_INFINITY;
  const { exit, gone } = await endOf(main, ({ state }) => {
    if (state !== 'started' || main.killed) return;
    time = (performance.now() - begun) / 1000;
    main.kill('SIGKILL');
  });
  const said = await gone;
  if (!Number.isFinite(time)) throw new Error(`enlarger resume ended with ${exit}: ${said}`);
  return time;
}

/** A batch of links to one small photograph: every file of it can be enlarged. */
async function queueMany(folder: string, { out, home }: Workplace, of: Plan): Promise<void> {
  await mkdir(folder);
  const [first] = (await photographs(folder, 1, WIDTH, HEIGHT)) as [string];
  const { dev, ino, size, mtimeNs } = await stat(first, { bigint: true });
  const identity = `${dev}:${ino}`;
  const probe = { width: WIDTH, height: HEIGHT, format: 'jpeg', alpha: false, deep: false, pages: 1 };
  const files: BatchFile[] = [];
  for (let index = 0; index < FILES; index++) {
    const name = `IMG_${String(index).padStart(5, '0')}.jpg`;
    await link(first, join(folder, name));
    files.push({
      source: { path: join(folder, name), folder: '', identity },
      ...{ probe, target: join(out, name), format: 'jpeg', notes: [] },
      ...{ size: Number(size), mtimeNs: String(mtimeNs) },
    });
  }
  const recipe = { out, plan: of, format: 'keep', template: '{name}', onCollision: 'skip' } as const;
  const batch = { recipe, files, sources: new Map([[first, identity]]), skipped: [], refused: [] };
  await withJournal(home, (jobs) => queueBatch(jobs, batch, 'cli'));
}

async function withJournal(home: string, work: (jobs: JobStore) => Promise<unknown>): Promise<void> {
  const worker = startMainWorker();
  try {
    const { jobs } = await openJobStore(worker, home);
    await work(jobs);
    await jobs.close();
  } finally {
    await worker.close();
  }
}
