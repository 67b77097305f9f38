import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { deathOf, type EngineDeath } from '../engine/supervisor/engine-death.ts';
import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import { Suspects } from '../engine/supervisor/suspicion.ts';
import type { FileOutcome, LeasedFile } from '../jobs/job-store.ts';
import type { FileEvent } from './file-event.ts';
import type { FileWorkshop } from './file-work.ts';
import { Inquest } from './inquest.ts';
import { type Obstacle, obstacleIn, type Places } from './obstacle.ts';
import { finishedAs } from './place-result.ts';
import { SuspectedDevices } from './suspected-devices.ts';

/** What judging takes. */
interface Court extends Pick<FileWorkshop, 'jobs' | 'owner'> {
  engine: Pick<EngineSupervisor, 'finished'>;
}

/** How its runner was told to end, if it was. */
type RunEnd = 'paused' | 'cancelled' | undefined;

/** What a failure means: for its file, and, where there is an obstacle, for all of them. */
interface Judgement {
  event: FileEvent;
  obstacle?: Obstacle;
}

/**
 * Judges how the work on each file of a batch has ended, and notes it in the journal. What the engine dies of is found by
 * trying suspects alone; what would keep every file from being done is told from what is one file's own trouble.
 */
export class EndJudge {
  readonly #court: Court;
  readonly #suspects = new Suspects<number>();
  readonly #inquest = new Inquest(this.#suspects);
  readonly #devices = new SuspectedDevices();

  constructor(court: Court) {
    this.#court = court;
  }

  /** Whether `file` may begin while the files of these ids are in work. */
  mayStart({ id, strikes }: LeasedFile, inWork: Iterable<number>): boolean {
    this.#suspects.remember(id, strikes);
    return this.#suspects.mayStart(id, inWork);
  }

  /** Why the processor is to compute `file`, whatever its plan says; undefined where nothing speaks against that. */
  reasonToAvoid(file: LeasedFile): string | undefined {
    return this.#devices.reasonToAvoid(file);
  }

  /** What `error` means, with which the work on `file` has failed. `places`: where the batch writes. `avoided`: not on its plan's device. */
  async failed(
    file: LeasedFile,
    error: unknown,
    { places, end, avoided }: { places: Places; end: RunEnd; avoided: boolean },
  ): Promise<Judgement> {
    const death = deathOf(error);
    if (death) return { event: await this.#died(file, death, avoided) };
    const typed = asEnlargerError(error, 'internal', { file: file.source });
    // Who cancels may stop the engine as well, so as not to wait for what cannot be interrupted.
    if (typed.code === 'cancelled' || (typed.code === 'stopped' && end))
      return { event: { state: 'cancelled', file } };
    const { scale } = file.plan;
    const bytes = file.facts.width * file.facts.height * scale * scale * (file.facts.deep ? 8 : 4);
    const obstacle = await obstacleIn(typed, places, bytes);
    if (!obstacle) return { event: { state: 'failed', file, error: namingSource(typed, file.source) } };
    if (!obstacle.isGone) return { event: { state: 'cancelled', file }, obstacle };
    return { event: { state: 'retried', file, reason: obstacle.reason }, obstacle };
  }

  /** Writes how the work on a file ended into the journal. */
  async note(file: LeasedFile, event: FileEvent, end: RunEnd): Promise<void> {
    const { jobs, owner } = this.#court;
    const outcome = await this.#outcomeOf(file, event, end);
    if (event.state !== 'retried') this.#suspects.finished(file.id);
    if (outcome) await jobs.finish(owner, file.id, outcome);
    else await jobs.requeue(owner, [file.id]);
  }

  async #died(file: LeasedFile, death: EngineDeath, avoided: boolean): Promise<FileEvent> {
    const { next, strikes } = await this.#inquest.verdict(file.id, death);
    if (strikes > file.strikes) {
      this.#devices.died(file, death.detail, avoided);
      await this.#court.jobs.strike(file.id, death.detail);
    }
    if (next !== 'quarantine') return { state: 'retried', file, reason: death.detail };
    this.#court.engine.finished();
    return { state: 'failed', file, error: quarantined(file, death.detail) };
  }

  /** Undefined for what is to be done again. */
  async #outcomeOf(file: LeasedFile, event: FileEvent, end: RunEnd): Promise<FileOutcome | undefined> {
    switch (event.state) {
      case 'done':
        return { state: 'done', ...(await finishedAs(this.#court.jobs, file, event)) };
      case 'failed':
        return { state: 'failed', code: event.error.code, reason: event.error.message };
      case 'skipped':
        return { state: 'skipped', reason: event.reason };
      case 'cancelled':
        return end === 'paused' ? undefined : { state: 'cancelled' };
      default:
        return undefined;
    }
  }
}

function quarantined({ source }: LeasedFile, detail: string): EnlargerError {
  return new EnlargerError(
    'quarantined',
    `${source}: left out, because the engine died over it three times (${detail}). The file may be damaged; ` +
      'save it anew with another program and add that.',
    { file: source },
  );
}

/** An error about a temporary file or a tile is no help: the user knows the file by its source. */
function namingSource(error: EnlargerError, source: string): EnlargerError {
  if (error.message.includes(source)) return error;
  return new EnlargerError(error.code, `${source}: ${error.message}`, { file: source, cause: error });
}
