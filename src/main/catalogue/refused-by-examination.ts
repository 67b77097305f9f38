import { EnlargerError } from '../../shared/errors.ts';

/**
 * Whether a file is no model for us, however often it is tried. An engine that died over it, ran out of memory or took
 * too long may do better another time, also where that is told as `model-invalid`.
 */
export function refusedByExamination(error: unknown): boolean {
  if (!(error instanceof EnlargerError) || error.code !== 'model-invalid') return false;
  return !(error.cause instanceof EnlargerError) || refusedByExamination(error.cause);
}
