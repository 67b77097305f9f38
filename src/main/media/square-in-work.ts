import { readFile, rm } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';
import type { SquarePlace } from '../../shared/squares.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';

/**
 * A square of the result that the engine is making of a file, by way of the file `target`. Undefined where there is
 * nothing of it in the engine (any more).
 */
export async function squareInWork(
  engine: Pick<EngineConnection, 'request'>,
  jobId: number,
  { level, column, row }: SquarePlace,
  target: string,
): Promise<Buffer | undefined> {
  try {
    await engine.request('resultSquare', { jobId, target, level, column, row });
    return await readFile(target);
  } catch (error) {
    if (error instanceof EnlargerError && error.code === 'not-found') return undefined;
    throw error;
  } finally {
    await rm(target, { force: true });
  }
}
