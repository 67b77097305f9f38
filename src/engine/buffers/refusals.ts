import { EnlargerError } from '../../shared/errors.ts';

/** What a refused waiter is told about the pool; bytes throughout. */
interface PoolUse {
  readonly inUse: number;
  readonly inUseBytes: number;
  readonly budgetBytes: number;
  readonly largestClassBytes: number;
  readonly largestOneOffBytes: number;
}

export function timeoutError(byteLength: number, timeoutMs: number, use: PoolUse): EnlargerError {
  return new EnlargerError(
    'pool-timeout',
    `No ${byteLength} bytes of image memory came free within ${timeoutMs} ms: ` +
      `${use.inUse} buffers of ${use.inUseBytes} bytes are in use, of a budget of ${use.budgetBytes} bytes. ` +
      'Process fewer pictures at once or raise the memory budget.',
  );
}

export function tooLargeError(byteLength: number, use: PoolUse): EnlargerError {
  return new EnlargerError(
    'too-large',
    `${byteLength} bytes of image memory can never be had: the largest slot has ${use.largestClassBytes} bytes, and ` +
      `the budget of ${use.budgetBytes} bytes leaves ${use.largestOneOffBytes} beside the slots. ` +
      'Raise the memory budget.',
  );
}

export function stoppedError(): EnlargerError {
  return new EnlargerError('stopped', 'The image memory is closed: the engine is shutting down.');
}

export function foreignReleaseError(byteLength: number): EnlargerError {
  return new EnlargerError(
    'pool-foreign-release',
    `A lease of ${byteLength} bytes was released to a pool that did not lend it. Release it to its own.`,
  );
}

export function doubleReleaseError(byteLength: number): EnlargerError {
  return new EnlargerError(
    'pool-double-release',
    `A lease of ${byteLength} bytes was released to its pool a second time. Release it once, with "using".`,
  );
}

export function usedAfterReleaseError(byteLength: number): EnlargerError {
  return new EnlargerError(
    'internal',
    `A buffer of ${byteLength} bytes was used after its lease was released. Release it after its last use.`,
  );
}

export function outOfMemoryError(byteLength: number, cause: unknown): EnlargerError {
  return new EnlargerError(
    'out-of-memory',
    `The system has no block of ${byteLength} bytes left. Close other programs or lower the memory budget.`,
    { cause },
  );
}
