import type { EngineSupervisor } from '../engine/supervisor/engine-supervisor.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { MeasuredSpeeds } from '../models/measured-speed.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { BatchTime, modelOf } from './batch-time.ts';
import { GraphicsWatch } from './graphics-watch.ts';
import { JournalFigures } from './journal-figures.ts';
import { MetricsFeed } from './metrics-feed.ts';
import { MetricsSampler, type SamplerParts } from './metrics-sampler.ts';
import { type RunSummary, WorkWatch } from './work-watch.ts';

export interface MetricsOptions extends Pick<SamplerParts, 'memory' | 'pages' | 'waiting'> {
  engine: EngineSupervisor;
  jobs: JobStore;
  models: Pick<ModelRegistry, 'models'>;
  speeds: MeasuredSpeeds;
}

export interface StartedMetrics {
  metrics: MetricsFeed;
  /** To be told what happens to batches. */
  work: WorkWatch;
}

/** What measures the machine and the work on it; it is closed with `stack`. Nothing is measured before there is work. */
export function startMetrics(stack: AsyncDisposableStack, options: MetricsOptions): StartedMetrics {
  const { jobs, speeds } = options;
  const journal = stack.use(new JournalFigures(jobs));
  const graphics = stack.use(new GraphicsWatch());
  const noted = new Set<Promise<void>>();
  stack.defer(async () => {
    await Promise.allSettled(noted);
  });
  const work = new WorkWatch({
    onBegan: () => metrics.wake(),
    onFileEnded: (batchId) => journal.changed([batchId]),
    onEnded: (run) => {
      const noting = noteSpeed(run, jobs, speeds).finally(() => noted.delete(noting));
      noted.add(noting);
    },
  });
  const time = new BatchTime(work, journal, speeds);
  const sampler = new MetricsSampler({ ...options, work, journal, time, graphics });
  const metrics = stack.use(new MetricsFeed(sampler, () => work.batch !== undefined));
  return { metrics, work };
}

/** Keeps how fast a batch's model was, where all its results were made with one variant. */
async function noteSpeed(
  run: RunSummary,
  jobs: Pick<JobStore, 'batch'>,
  speeds: MeasuredSpeeds,
): Promise<void> {
  const [variant, another] = run.variants;
  if (variant === undefined || another !== undefined) return;
  const record = await jobs.batch(run.batchId).catch(() => undefined);
  const known = record && modelOf(record.recipe);
  if (known) await speeds.note(known.model, variant, run);
}
