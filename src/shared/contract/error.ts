import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import { asEnlargerError, EnlargerError, type ErrorCode } from '../errors.ts';

/** How an `EnlargerError` travels: under this one code of oRPC's, its own code, words and file beside it. */
export const ENLARGER_ERROR = 'ENLARGER';

export const errorDataSchema = z.object({
  /** Open on purpose: a page may be older than the main process that it talks to. */
  code: z.custom<ErrorCode>((value) => typeof value === 'string'),
  message: z.string(),
  file: z.string().optional(),
});

/**
 * What a failed call means, whatever it failed of: an error of ours as it was thrown in main, `bad-argument` for an
 * input that the contract refuses, `stopped` for a line that is cut.
 */
export function errorOf(error: unknown): EnlargerError {
  if (error instanceof ORPCError) {
    const data = errorDataSchema.safeParse(error.data);
    if (error.code === ENLARGER_ERROR && data.success) return EnlargerError.from(data.data);
    const code = error.code === 'BAD_REQUEST' ? 'bad-argument' : 'internal';
    return new EnlargerError(code, error.message, { cause: error });
  }
  if (error instanceof EnlargerError) return error;
  if (error instanceof DOMException && error.name === 'AbortError') return lineCut(error);
  if (error instanceof Error && /not open|closed|aborted/i.test(error.message)) return lineCut(error);
  return asEnlargerError(error, 'internal');
}

function lineCut(cause: unknown): EnlargerError {
  return new EnlargerError('stopped', 'Enlarger does not answer any more. Start it again.', { cause });
}
