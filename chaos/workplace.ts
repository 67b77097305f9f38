import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders that one series of runs has for itself. */
export interface Workplace {
  out: string;
  /** Where the journal lies. */
  home: string;
  temporary: string;
  /** Where engines keep their scratch. */
  scratch: string;
}

export async function makeWorkplace(root: string): Promise<Workplace> {
  const temporary = join(root, 'tmp');
  const scratch = join(temporary, `enlarger-${process.getuid?.() ?? 'user'}`);
  const workplace = { out: join(root, 'out'), home: join(root, 'home'), temporary, scratch };
  await Promise.all([workplace.out, workplace.home].map((folder) => mkdir(folder, { recursive: true })));
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  return workplace;
}
