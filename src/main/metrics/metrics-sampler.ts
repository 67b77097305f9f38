import type { Metrics } from '../../shared/contract/metrics.ts';
import type { EngineReport } from '../../shared/engine-protocol.ts';
import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { BatchTime } from './batch-time.ts';
import { EngineReports } from './engine-reports.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import type { GraphicsWatch } from './graphics-watch.ts';
import type { JournalFigures } from './journal-figures.ts';
import { ProcessMemoryReader, usedMemory } from './memory-reading.ts';
import { type ProcessorReading, processorShares, readProcessor } from './processor-meter.ts';
import { providerOf, sessionNames, weightsOf } from './session-names.ts';
import { SlidingRates } from './sliding-rates.ts';
import { within } from './within.ts';
import type { WorkWatch } from './work-watch.ts';

/** A process that shows a page, as its shell knows it. */
export interface PageProcess {
  pid: number;
  /** Of memory. */
  bytes: number;
}

export interface SamplerParts {
  engine: EngineSupervisor;
  models: Pick<ModelRegistry, 'models'>;
  work: WorkWatch;
  journal: JournalFigures;
  time: BatchTime;
  graphics: GraphicsWatch;
  /** Batches that wait for their turn. */
  waiting(): readonly number[];
  /** Bytes: the machine's, or the container's, and what pictures may take of them. */
  memory: { total: number; budget: number };
  /** None in a shell whose pages are elsewhere. */
  pages(): readonly PageProcess[];
}

/** Milliseconds that the journal, and the files of the system, may take. */
const PATIENCE = 500;

/**
 * Makes samples of what the machine and Enlarger do. Everything is asked at once, nothing is waited for longer than
 * half a second, and what does not answer is null.
 */
export class MetricsSampler {
  readonly #parts: SamplerParts;
  readonly #reports: EngineReports;
  readonly #delay = new EventLoopDelay();
  readonly #rates = new SlidingRates();
  readonly #processes = new ProcessMemoryReader();
  #processor: ProcessorReading | undefined;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#reports = new EngineReports(parts.engine);
  }

  /** Begins to measure: the next sample is about the time from here. */
  async begin(): Promise<void> {
    this.#delay.begin();
    this.#rates.begin(this.#parts.work.totals, performance.now());
    this.#processor = await within(readProcessor(this.#pids()), PATIENCE);
  }

  /** Stops measuring, at no cost, until `begin`. */
  rest(): void {
    this.#delay.end();
  }

  async sample(): Promise<Metrics> {
    const { graphics, memory, pages, work, time } = this.#parts;
    const before = this.#processor;
    const others = pages();
    const [processor, used, processes, gpus, report, timeLeft] = await Promise.all([
      within(readProcessor(this.#pids()), PATIENCE),
      within(usedMemory(memory.total), PATIENCE),
      this.#processes.read(this.#mainAndEngine()),
      within(graphics.read(), PATIENCE),
      this.#reports.read(),
      // At once after the journal was read: what is told of the files in work is to fit it.
      within(this.#refresh(), PATIENCE).then(() => time.sample(performance.now())),
    ]);
    this.#processor = processor;
    const names = sessionNames(this.#parts.models);
    const now = performance.now();
    return {
      at: Date.now(),
      processor: processorShares(before, processor ?? (await readProcessor([]))),
      memory: {
        ...memory,
        used: used ?? null,
        processes: [...processes, ...others.map((page) => ({ role: 'page' as const, ...page }))],
      },
      gpus: gpus ?? [],
      provider: providerOf(report?.sessions.map(({ key }) => key) ?? []),
      queue: this.#queue(report),
      rates: this.#rates.add(work.totals, now),
      pool: report ? poolOf(report) : null,
      sessions: (report?.sessions ?? []).map(({ key, bytes }) => ({
        name: names.get(weightsOf(key)) ?? key,
        bytes,
      })),
      workers: report?.concurrency ?? null,
      eventLoopDelay: this.#delay.take(),
      timeLeft,
    };
  }

  #mainAndEngine() {
    const { pid } = this.#parts.engine;
    const main = { role: 'main' as const, pid: process.pid };
    // An engine may run in this very process; one that is starting has not told its id.
    return pid === 0 || pid === process.pid ? [main] : [main, { role: 'engine' as const, pid }];
  }

  #pids(): number[] {
    return [...this.#mainAndEngine(), ...this.#parts.pages()].map(({ pid }) => pid);
  }

  async #refresh(): Promise<void> {
    await this.#parts.journal.refresh(this.#batches(), this.#parts.work.batch?.batchId);
  }

  /** The batch that runs, and those that wait. */
  #batches(): number[] {
    const running = this.#parts.work.batch?.batchId;
    return [...(running === undefined ? [] : [running]), ...this.#parts.waiting()];
  }

  #queue(report: EngineReport | undefined): Metrics['queue'] {
    const { work, journal } = this.#parts;
    return {
      filesWaiting: this.#batches().reduce((sum, id) => sum + (journal.record(id)?.files.queued ?? 0), 0),
      filesInWork: work.filesInWork,
      tilesWaiting: report?.scheduler.queued ?? 0,
      tilesRunning: report?.scheduler.running ?? 0,
    };
  }
}

/** Undefined figures would be an older engine's; there is none, because both are installed together. */
function poolOf({ pool }: EngineReport): Metrics['pool'] {
  const { budgetBytes, inUseBytes, highWaterBytes, waiting } = pool;
  if ([budgetBytes, inUseBytes, highWaterBytes, waiting].includes(undefined)) return null;
  return {
    capacity: budgetBytes ?? 0,
    inUse: inUseBytes ?? 0,
    highWater: highWaterBytes ?? 0,
    waiting: waiting ?? 0,
  };
}
