import { useEffect, useState } from 'react';
import { useMetrics } from '../dashboard/metrics-store.ts';
import { useMetricsLine } from '../dashboard/use-metrics-line.ts';
import type { Library } from '../stores/library.ts';
import { useLibrary } from '../stores/library-store.ts';
import { type QueueProgress, queueProgress, roughTime, secondsLeft, spellOf } from './queue-progress.ts';

/** The bar moves in steps of this: finer ones are not seen. */
const STEP = 1 / 500;

/** How far everything is; renders only when that shows. */
export function useQueue(): QueueProgress {
  const [queue, setQueue] = useState<QueueProgress>(() => queueProgress([], 0));
  useEffect(() => {
    let spell: readonly number[] = [];
    const update = ({ batches, shown, progress }: Library) => {
      spell = spellOf(spell, batches, shown);
      const next = queueProgress(
        spell.flatMap((id) => batches.get(id) ?? []),
        pixelsInWork(progress, new Set(spell)),
      );
      const rounded = { ...next, share: Math.floor(next.share / STEP) * STEP };
      setQueue((before) => (JSON.stringify(before) === JSON.stringify(rounded) ? before : rounded));
    };
    update(useLibrary.getState());
    return useLibrary.subscribe(update);
  }, []);
  return queue;
}

/** How long it still takes until nothing waits or runs; undefined where that cannot be said. */
export function useTimeLeft(working: boolean) {
  useMetricsLine(working);
  const timeLeft = useMetrics(({ latest }) => latest?.timeLeft);
  if (!working || !timeLeft) return undefined;
  const { batches, progress } = useLibrary.getState();
  const timed = new Set(timeLeft.map(({ batchId }) => batchId));
  const seconds = secondsLeft([...batches.values()], timeLeft, pixelsInWork(progress, timed));
  return seconds === null ? undefined : roughTime(seconds);
}

function pixelsInWork(progress: Library['progress'], batchIds: ReadonlySet<number>): number {
  return progress
    .values()
    .filter(({ batchId }) => batchIds.has(batchId))
    .reduce((sum, { pixelsDone }) => sum + pixelsDone, 0);
}
