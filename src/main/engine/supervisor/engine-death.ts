import { EnlargerError } from '../../../shared/errors.ts';
import type { EngineExit } from '../engine-host.ts';

/**
 * Why an engine ended without being told to.
 *
 * - `crashed`: by a fault of its own, or it ended by itself;
 * - `hung`: it did not answer or did not move on, and was ended for that;
 * - `out-of-memory`: the system took it to get memory back;
 * - `killed`: somebody else ended it, and nothing is known against it.
 */
export type DeathCause = 'crashed' | 'hung' | 'out-of-memory' | 'killed';

/** How one engine ended. */
export interface EngineDeath {
  /** The number of the engine, counted from 1. */
  generation: number;
  cause: DeathCause;
  signal: NodeJS.Signals | null;
  exitCode: number | null;
  /** In words, without a full stop: `it was ended by SIGSEGV`. */
  detail: string;
}

/** What is known about an end beside the way in which the process went. */
export interface Circumstances {
  /** Why the supervisor has ended it: what hung, in words. */
  hung?: string | undefined;
  /** Why the supervisor has given it up: what it said that it should not have, in words. */
  refused?: string | undefined;
  /** The system has killed processes of this group for their memory while the engine ran. */
  oomKilled: boolean;
}

/** Signals that come from outside as a rule; every other one a process earns by a fault of its own. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGPIPE',
  'SIGUSR1',
  'SIGUSR2',
  'SIGXCPU',
]);

/** Tells the causes of an end apart. */
export function describeDeath(
  generation: number,
  { code, signal }: EngineExit,
  { hung, refused, oomKilled }: Circumstances,
): EngineDeath {
  const death = { generation, signal, exitCode: code };
  // An engine may crash while it is being given up; then that is what it did.
  if (signal === 'SIGKILL' && hung !== undefined) return { ...death, cause: 'hung', detail: hung };
  if (signal === 'SIGKILL' && refused !== undefined) return { ...death, cause: 'crashed', detail: refused };
  if (signal === 'SIGKILL' && oomKilled) {
    return { ...death, cause: 'out-of-memory', detail: 'the system ended it because memory ran out' };
  }
  if (signal) {
    const cause = FROM_OUTSIDE.has(signal) ? 'killed' : 'crashed';
    return { ...death, cause, detail: `it was ended by ${signal}` };
  }
  const detail = code === null ? 'its process could not be started' : `it ended with code ${code}`;
  return { ...death, cause: 'crashed', detail };
}

/** Whether the engine, and so perhaps what it worked on, is to blame. */
export function isOwnDeath({ cause }: EngineDeath): boolean {
  return cause !== 'killed';
}

const IN_WORDS: Record<DeathCause, string> = {
  crashed: 'The engine crashed',
  hung: 'The engine hung',
  'out-of-memory': 'The engine ran out of memory',
  killed: 'The engine was ended by somebody else',
};

const ADVICE: Record<DeathCause, string> = {
  crashed: 'It is started again: try once more.',
  hung: 'It is started again: try once more.',
  'out-of-memory': 'Close other programs, or let pictures take less memory (--memory-budget, --workers).',
  killed: 'It is started again: try once more.',
};

/** What the calls of an engine fail with that died so; `file`: what the call was about. */
export function deathError(death: EngineDeath, file?: string): EnlargerError {
  const message = `${IN_WORDS[death.cause]} (${death.detail}). ${ADVICE[death.cause]}`;
  const named = file === undefined ? message : `${file}: ${message.replace(/^The/, 'the')}`;
  return new EnlargerError('engine-died', named, { file, cause: death });
}

/** What everything fails with while no engine can be kept running; `refusal`: why the latest did not start. */
export function unavailableError(death: EngineDeath, refusal?: EnlargerError): EnlargerError {
  const reason = (refusal?.message ?? death.detail).replace(/\.$/, '');
  return new EnlargerError(
    'engine-unavailable',
    `The engine cannot be kept running: ${reason}. See what 'enlarger doctor' says, start Enlarger again, ` +
      'or install it again.',
    { cause: refusal },
  );
}

/** What everything fails with once the supervisor was told to stop. */
export function stoppedError(): EnlargerError {
  return new EnlargerError('stopped', 'The engine has been stopped.');
}

/** How the engine died whose death made `error`, also through errors that wrap it; else `undefined`. */
export function deathOf(error: unknown): EngineDeath | undefined {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof EnlargerError && isDeath(inner.cause)) return inner.cause;
  }
  return undefined;
}

function isDeath(cause: unknown): cause is EngineDeath {
  return typeof cause === 'object' && cause !== null && 'generation' in cause && 'exitCode' in cause;
}
