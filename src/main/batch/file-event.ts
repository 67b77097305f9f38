import type { EnhanceResult } from '../../shared/engine-protocol.ts';
import type { EnlargerError } from '../../shared/errors.ts';
import type { FileRecord } from '../../shared/jobs.ts';

/** What happens to a file of a batch, as its runner tells it. The last one of a file says how it ended. */
export type FileEvent =
  | { state: 'started'; file: FileRecord }
  | { state: 'done'; file: FileRecord; target: string; result: EnhanceResult }
  | { state: 'skipped'; file: FileRecord; reason: string }
  | { state: 'failed'; file: FileRecord; error: EnlargerError }
  /** Stopped before its end; the journal has it queued or cancelled. */
  | { state: 'cancelled'; file: FileRecord }
  /** The engine died over it; it is queued again. */
  | { state: 'retried'; file: FileRecord; reason: string };
