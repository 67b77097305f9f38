import type { Pace } from '../../main/batch/pace.ts';
import type { Batch } from '../../main/batch/prepare-batch.ts';
import type { FileEvent } from '../../main/batch/run-batch.ts';
import type { EngineReport } from '../../shared/engine-protocol.ts';
import type { Outcome } from '../exit-codes.ts';

export interface Progress extends Pace {
  filesDone: number;
  filesTotal: number;
  tilesDone: number;
  tilesTotal: number;
}

export interface Summary extends Outcome {
  exitCode: number;
  milliseconds: number;
  /** Megapixels of source that were enlarged. */
  megapixels: number;
  /** Bytes copied between buffers for each byte of the results before they were encoded; 0 without results. */
  copiedPerResultByte: number;
  /** Absent if the engine is no more. */
  report: EngineReport | undefined;
}

/** Where a run is told about: for people, or for programs. */
export interface Reporter {
  started(batch: Batch): void;
  file(event: FileEvent): void;
  progress(progress: Progress): void;
  finished(summary: Summary): void;
}
