import type { ToEngine } from '../../shared/engine-protocol.ts';

/** How an engine ended: by its own `code`, or by a `signal`. */
export interface EngineExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A line to one running engine. */
export interface EngineLink {
  send(message: ToEngine): void;
  /** There is one listener; what arrives is not checked yet. */
  onMessage(listener: (message: unknown) => void): void;
  /** Resolves once the engine is gone, for whatever reason. */
  readonly exited: Promise<EngineExit>;
  /** Ends the engine at once. */
  kill(): void;
}

/** A place where engines run. Every call of `start` is a new engine. */
export interface EngineHost {
  readonly name: string;
  start(): EngineLink;
}
