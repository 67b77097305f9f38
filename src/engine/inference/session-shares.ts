import type { SessionSpec } from '../../shared/plan.ts';

/**
 * The sessions that stand for `spec`, one in each of the first of so many workers. Worker i uses that of worker i modulo
 * their number.
 *
 * Processors have one in each worker. A graphics card has one in all: it computes one tile after the other anyway, has its
 * memory once, and ONNX Runtime's WebGPU crashes when two threads use it. Of several cards each has one, as far as
 * there are workers.
 */
export function sessionShares(spec: SessionSpec, workers: number): SessionSpec[] {
  const { devices, ...single } = spec;
  if (devices) return devices.slice(0, workers).map((device) => ({ ...single, device }));
  return spec.provider === 'cpu' ? Array.from({ length: workers }, () => spec) : [spec];
}
