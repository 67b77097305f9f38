import { REQUEST_LIMITS, type RequestLimits } from './request-limits.ts';
import { stageLimit } from './stage-limit.ts';

/** How patient a supervisor is. All times are milliseconds. */
export interface SupervisionLimits {
  /** From an engine's start to its greeting. */
  handshake: number;
  /** Between two looks at the engine, and so between two pings. */
  interval: number;
  /** From a ping to its answer. */
  heartbeat: number;
  /** From being told to stop to the end. */
  stop: number;
  /** Before the second restart in a row; doubles with every further one. */
  backOff: number;
  backOffMost: number;
  /** After so many starts that failed in a row, no more are tried. */
  failedStarts: number;
  /** After so many deaths in a row without a finished file, no more engines are started. */
  deaths: number;
  /** From a request to its answer, by the request's kind. */
  requests: RequestLimits;
  /** How long a job may rest in a stage. */
  stageLimit: typeof stageLimit;
}

export const DEFAULT_LIMITS: SupervisionLimits = {
  handshake: 30_000,
  interval: 2_000,
  heartbeat: 15_000,
  stop: 10_000,
  backOff: 250,
  backOffMost: 30_000,
  failedStarts: 3,
  deaths: 8,
  requests: REQUEST_LIMITS,
  stageLimit,
};
