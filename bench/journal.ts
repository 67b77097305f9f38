import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GroupCommit } from '../src/main/jobs/group-commit.ts';
import type { LeasedFile, NewFile, Owner } from '../src/main/jobs/job-store.ts';
import { Journal } from '../src/main/jobs/journal.ts';
import { alternating, type Benchmark, quantile, ratios, spread, timed } from './harness.ts';

const FILES = 20_000;
/** Records of one transaction each, enough to average over the disk. */
const SINGLE = 200;
const COMMITS = 1_000;
const ROUNDS = 7;

/**
 * Records of the progress of files, many to a transaction as a batch writes them, against one transaction each. Both
 * with what the application uses: a write-ahead log, and a flush of the disk at every commit.
 */
export const journalBenchmark: Benchmark = {
  name: 'journal',
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'enlarger-bench-'));
    const journal = new Journal(join(folder, 'journal.db'));
    try {
      return await measure(journal);
    } finally {
      journal.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function measure(journal: Journal) {
  const commit = new GroupCommit(journal);
  const { owner, files } = await takeFiles(journal, commit);
  let round = 0;
  const state = () => (round++ % 2 === 0 ? 'enhancing' : 'encoding');
  const together = () => {
    const next = state();
    return timed(() => {
      for (const { id } of files) commit.note(() => journal.outcomes.move(owner, id, next));
      commit.flush();
    });
  };
  const alone = () => {
    const next = state();
    return timed(() => {
      for (const { id } of files.slice(0, SINGLE)) {
        journal.transaction(() => journal.outcomes.move(owner, id, next));
      }
    });
  };
  const { a, b } = await alternating(ROUNDS, together, alone);
  const perSecond = a.map((milliseconds) => FILES / milliseconds);
  const gain = ratios(
    b.map((milliseconds) => milliseconds / SINGLE),
    a.map((milliseconds) => milliseconds / FILES),
  );
  const commits: number[] = [];
  for (const { id } of files.slice(0, COMMITS)) {
    commits.push(await timed(() => commit.write(() => journal.outcomes.requeue(owner, id))));
  }
  return [
    {
      measure: 'journal: records a second, batched',
      seen: `${spread(perSecond, 0)} thousand`,
      bar: '≥ 100 thousand',
      met: Math.min(...perSecond) >= 100,
    },
    {
      measure: 'journal: batched against one transaction a record',
      seen: `${spread(gain, 0)} × faster`,
      bar: 'as it is',
      met: undefined,
    },
    {
      measure: 'journal: one durable commit',
      seen: `p50 ${quantile(commits, 0.5).toFixed(2)} ms, p99 ${quantile(commits, 0.99).toFixed(2)} ms`,
      bar: 'as the disk is',
      met: undefined,
    },
  ];
}

async function takeFiles(
  journal: Journal,
  commit: GroupCommit,
): Promise<{ owner: Owner; files: LeasedFile[] }> {
  return commit.write(() => {
    const out = '/photographs/enlarged';
    const id = journal.batches.add({ title: 'Holidays', recipe: {}, out, shell: 'cli', files: [] });
    journal.files.add(
      id,
      Array.from({ length: FILES }, (_, index) => photograph(index, out)),
    );
    const owner = journal.leases.registerOwner();
    return { owner, files: journal.leases.take(id, owner, FILES) };
  });
}

const session = {
  ...({ modelId: 'photo-x2', variant: 'int8', dtype: 'uint8', provider: 'cpu', threads: 1 } as const),
  ...{ file: '/models/photo-x2.onnx', sha256: '0' },
};
const plan = {
  ...{ modelId: 'photo-x2', scale: 2, receptiveRadius: 16, tile: { width: 256, height: 256 } },
  ...{ shallow: session, deep: session },
};

function photograph(index: number, out: string): NewFile {
  const name = `IMG_${String(index).padStart(5, '0')}.jpg`;
  return {
    ...{ source: `/photographs/2024/${name}`, folder: '', identity: `1:${index}`, target: `${out}/${name}` },
    ...{ format: 'jpeg', notes: [], sourceSize: 8e6, sourceMtimeNs: '1700000000000000000', plan },
    facts: { width: 6000, height: 4000, format: 'jpeg', alpha: false, deep: false, pages: 1 },
  };
}
