import type { ProcessMetric } from 'electron';
import type { PageProcess } from '../../metrics/metrics-sampler.ts';

/** Electron counts memory in these. */
const KILOBYTE = 1024;

/** Of Electron's processes those that are there for the page: its own, and the one that draws it. */
export function pageProcesses(
  metrics: readonly Pick<ProcessMetric, 'type' | 'pid' | 'memory'>[],
): PageProcess[] {
  return metrics
    .filter(({ type }) => type === 'Tab' || type === 'GPU')
    .map(({ pid, memory }) => ({ pid, bytes: memory.workingSetSize * KILOBYTE }));
}
