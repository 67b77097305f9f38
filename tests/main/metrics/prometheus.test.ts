import { expect, it } from 'vitest';
import { prometheusText } from '../../../src/main/metrics/prometheus.ts';
import type { Metrics } from '../../../src/shared/contract/metrics.ts';

const METRICS: Metrics = {
  at: 1,
  processor: { busy: 0.5, ours: null, cores: 2 },
  memory: {
    ...{ total: 100, used: 50, budget: 25 },
    processes: [
      { role: 'main', pid: 1, bytes: 10 },
      { role: 'engine', pid: 2, bytes: null },
    ],
  },
  gpus: [{ name: 'A "card" \\ another\n', busy: null, memoryUsed: 1, memoryTotal: 2 }],
  provider: 'CPU',
  queue: { filesWaiting: 1, filesInWork: 2, tilesWaiting: 3, tilesRunning: 4 },
  rates: { tilesPerSecond: 1.5, megapixelsPerSecond: 0.1, filesPerMinute: 3 },
  pool: null,
  sessions: [],
  workers: null,
  eventLoopDelay: 2,
  timeLeft: [
    { batchId: 3, seconds: 60 },
    { batchId: 4, seconds: null },
  ],
};

/** A line of the format: a remark about a figure, or a figure with its labels. */
const LINE =
  /^(# (HELP|TYPE) \w+ .+|[a-z_]+(\{[a-z]+="([^"\\\n]|\\["\\n])*"(,[a-z]+="([^"\\\n]|\\["\\n])*")*\})? -?[\d.e+-]+)$/;

it('a sample is what monitoring programs read, and says nothing of what was not reported', () => {
  const text = prometheusText(METRICS);
  const lines = text.trimEnd().split('\n');
  expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
  expect(text.endsWith('\n')).toBe(true);
  const figures = lines.filter((line) => !line.startsWith('#'));
  expect(figures).toContain('enlarger_processor_busy_ratio 0.5');
  expect(figures).toContain('enlarger_process_memory_bytes{role="main",pid="1"} 10');
  expect(figures).toContain('enlarger_gpu_memory_used_bytes{gpu="0",name="A \\"card\\" \\\\ another\\n"} 1');
  expect(figures).toContain('enlarger_event_loop_delay_seconds 0.002');
  expect(figures).toContain('enlarger_batch_seconds_left{batch="3"} 60');
  for (const unknown of ['processor_own', 'role="engine"', 'gpu_busy', 'pool_', 'workers', 'batch="4"']) {
    expect(text).not.toContain(unknown);
  }
  const types = lines.filter((line) => line.startsWith('# TYPE')).map((line) => line.split(' ')[2]);
  expect(new Set(types).size).toBe(types.length);
});
