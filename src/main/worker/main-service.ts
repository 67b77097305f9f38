import { hashFile } from './hash-file.ts';
import { jobsPart } from './jobs-part.ts';

/** Everything that main leaves to its worker thread, because it reads, writes or waits for the disk. */
export function mainService() {
  return {
    ...jobsPart(),
    /** SHA-256 of a file's bytes. */
    hash: async ({ path }: { path: string }): Promise<string> => hashFile(path),
  };
}

export type MainService = ReturnType<typeof mainService>;
