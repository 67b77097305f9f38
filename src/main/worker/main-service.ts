import type { JobCalls } from '../jobs/job-store.ts';
import { exportsPart } from './exports-part.ts';
import { hashFile } from './hash-file.ts';
import { jobsPart } from './jobs-part.ts';

/** Everything that main leaves to its worker thread, because it reads, writes or waits for the disk. */
export function mainService() {
  const journal = jobsPart();
  const ask =
    <N extends keyof JobCalls>(name: N) =>
    (...args: Parameters<JobCalls[N]>) =>
      journal.jobs({ name, args }) as ReturnType<JobCalls[N]>;
  return {
    ...journal,
    ...exportsPart({
      batch: ask('batch'),
      batches: ask('batches'),
      file: ask('file'),
      files: ask('files'),
      hasSource: ask('hasSource'),
    }),
    /** SHA-256 of a file's bytes. */
    hash: async ({ path }: { path: string }): Promise<string> => hashFile(path),
  };
}

export type MainService = ReturnType<typeof mainService>;
