import type { EngineConnection } from '../engine-connection.ts';
import type { EngineDeath } from './engine-death.ts';

/** What a supervisor tells of its engine. */
export interface EngineState {
  /** `restarting` from an engine's death until the next has greeted; `broken` until `reset`. */
  state: 'starting' | 'ready' | 'restarting' | 'broken' | 'stopped';
  /** The number of the latest engine, from 1; 0 before the first. */
  generation: number;
  /** How the one before it died; with `broken`, how the latest did. */
  death?: EngineDeath;
}

/**
 * Prepares a new engine before anybody else may use it. `engine` reaches this one only: its requests do not
 * wait, and fail if it dies.
 */
export type GenerationListener = (
  generation: number,
  engine: Pick<EngineConnection, 'request'>,
) => void | Promise<void>;
