import type { Metrics } from '../../shared/contract/metrics.ts';

/** A figure, by its labels; null, which was not reported, is left out. */
type Figure = [labels: Record<string, string | number>, value: number | null];

/**
 * A sample as monitoring programs read it. All figures are gauges: they hold for one moment.
 * Source: Prometheus, Exposition formats (text-based format, version 0.0.4).
 */
export function prometheusText(metrics: Metrics): string {
  const { processor, memory, gpus, queue, rates, pool, sessions, workers, timeLeft } = metrics;
  const cards = gpus.map((card, index) => [{ gpu: index, name: card.name }, card] as const);
  const plain = (value: number | null): Figure[] => [[{}, value]];
  const families: [name: string, help: string, figures: Figure[]][] = [
    ['processor_busy_ratio', 'Share of all cores in use by all programs.', plain(processor.busy)],
    ['processor_own_ratio', 'Share of all cores in use by Enlarger.', plain(processor.ours)],
    ['processor_cores', 'Cores that Enlarger may use.', plain(processor.cores)],
    ['memory_total_bytes', 'Memory of the machine or the container.', plain(memory.total)],
    ['memory_used_bytes', 'Memory in use.', plain(memory.used)],
    ['memory_budget_bytes', 'Memory that pictures may take.', plain(memory.budget)],
    [
      'process_memory_bytes',
      'Resident memory of each process.',
      memory.processes.map(({ role, pid, bytes }) => [{ role, pid }, bytes]),
    ],
    ['gpu_busy_ratio', 'Share of the time in use.', cards.map(([labels, { busy }]) => [labels, busy])],
    ['gpu_memory_used_bytes', 'Memory in use.', cards.map(([labels, card]) => [labels, card.memoryUsed])],
    ['gpu_memory_total_bytes', 'Memory.', cards.map(([labels, card]) => [labels, card.memoryTotal])],
    [
      'files',
      'Files of the batches that run or wait.',
      [
        [{ state: 'waiting' }, queue.filesWaiting],
        [{ state: 'working' }, queue.filesInWork],
      ],
    ],
    [
      'tiles',
      'Tiles of the files in work.',
      [
        [{ state: 'waiting' }, queue.tilesWaiting],
        [{ state: 'running' }, queue.tilesRunning],
      ],
    ],
    ['tiles_per_second', 'Tiles enlarged a second.', plain(rates.tilesPerSecond)],
    ['megapixels_per_second', 'Source megapixels enlarged a second.', plain(rates.megapixelsPerSecond)],
    ['files_per_minute', 'Files finished a minute.', plain(rates.filesPerMinute)],
    ['pool_capacity_bytes', 'Size of the pool of pixel memory.', plain(pool?.capacity ?? null)],
    ['pool_in_use_bytes', 'Pixel memory in use.', plain(pool?.inUse ?? null)],
    ['pool_high_water_bytes', 'The most pixel memory that was in use.', plain(pool?.highWater ?? null)],
    ['pool_waiting', 'Pictures that wait for pixel memory.', plain(pool?.waiting ?? null)],
    [
      'session_bytes',
      'Memory of each resident session.',
      sessions.map((one) => [{ name: one.name }, one.bytes]),
    ],
    ['workers', 'Inference workers that tiles are given to.', plain(workers)],
    ['event_loop_delay_seconds', '99th percentile of delay.', plain(metrics.eventLoopDelay / 1000)],
    [
      'batch_seconds_left',
      'Seconds that a batch still takes.',
      timeLeft.map(({ batchId, seconds }) => [{ batch: batchId }, seconds]),
    ],
  ];
  return families.map(([name, help, figures]) => familyText(`enlarger_${name}`, help, figures)).join('');
}

function familyText(name: string, help: string, figures: readonly Figure[]): string {
  const known = figures.filter(([, value]) => value !== null);
  if (known.length === 0) return '';
  const lines = known.map(([labels, value]) => `${name}${labelsText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelsText(labels: Figure[0]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
