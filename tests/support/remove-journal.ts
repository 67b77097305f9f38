import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** After all tests the journal that they shared goes. */
export default function setup(): () => Promise<void> {
  return () => rm(join(tmpdir(), `enlarger-tests-${process.pid}`), { recursive: true, force: true });
}
