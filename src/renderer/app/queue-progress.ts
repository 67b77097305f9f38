import type { Metrics } from '../../shared/contract/metrics.ts';
import type { BatchRecord } from '../../shared/jobs.ts';
import { modelOf } from '../history/batch-facts.ts';
import { endedOf, totalOf } from '../stores/library-store.ts';

/** How far everything is that was begun together. */
export interface QueueProgress {
  /** `idle`: there is nothing to show. */
  state: 'idle' | 'working' | 'paused';
  /** Files that have come to an end, and all of them. */
  ended: number;
  total: number;
  failed: number;
  /** 0 to 1, by source pixels. */
  share: number;
  /** Batches that can be paused, and those that can be resumed. */
  active: readonly number[];
  paused: readonly number[];
}

const IDLE: QueueProgress = {
  state: 'idle',
  ended: 0,
  total: 0,
  failed: 0,
  share: 0,
  active: [],
  paused: [],
};

const isActive = ({ state }: BatchRecord) => state === 'queued' || state === 'running';

/**
 * The batches that are told of as one: those that wait or run, and those that ended while others still did, so that
 * what is done does not become less when a batch ends. `before` is what this said the last time.
 */
export function spellOf(
  before: readonly number[],
  batches: ReadonlyMap<number, BatchRecord>,
  shown: readonly number[],
): readonly number[] {
  const all = [...batches.values()];
  const open = all.filter(
    (batch) => isActive(batch) || (batch.state === 'paused' && shown.includes(batch.id)),
  );
  if (open.length === 0) return [];
  const kept = before.filter((id) => batches.has(id));
  return [...new Set([...kept, ...open.map(({ id }) => id)])].sort((a, b) => a - b);
}

/** `inWork`: source pixels done of what is in work, all files together. */
export function queueProgress(batches: readonly BatchRecord[], inWork: number): QueueProgress {
  const active = batches.filter(isActive);
  const paused = batches.filter(({ state }) => state === 'paused');
  if (active.length + paused.length === 0) return IDLE;
  const sum = (of: (batch: BatchRecord) => number) => batches.reduce((all, batch) => all + of(batch), 0);
  const pixels = sum(({ pixelsTotal }) => pixelsTotal);
  const ended = sum(endedOf);
  const total = sum(totalOf);
  const done = sum(({ pixelsDone }) => pixelsDone) + inWork;
  return {
    state: active.length > 0 ? 'working' : 'paused',
    ended,
    total,
    failed: sum(({ files }) => files.failed ?? 0),
    share: Math.min(1, pixels > 0 ? done / pixels : ended / Math.max(1, total)),
    active: active.map(({ id }) => id),
    paused: paused.map(({ id }) => id),
  };
}

/**
 * Seconds until all of `batches` are done that wait or run: what main says of the one that runs, and the others by their
 * pixels at its pace. Null where that cannot be said: main does not know yet, or another model has another pace.
 */
export function secondsLeft(
  batches: readonly BatchRecord[],
  timeLeft: Metrics['timeLeft'],
  inWork: number,
): number | null {
  const active = batches.filter(isActive);
  const timed = active.find(({ id }) => timeLeft.some(({ batchId }) => batchId === id));
  const seconds = timeLeft.find(({ batchId }) => batchId === timed?.id)?.seconds ?? null;
  if (!timed || seconds === null) return null;
  const waiting = active.filter((batch) => batch !== timed);
  if (waiting.length === 0) return seconds;
  const remaining = timed.pixelsTotal - timed.pixelsDone - inWork;
  if (remaining <= 0 || waiting.some((batch) => modelOf(batch) !== modelOf(timed))) return null;
  const more = waiting.reduce((all, { pixelsTotal, pixelsDone }) => all + pixelsTotal - pixelsDone, 0);
  return seconds + (more * seconds) / remaining;
}

/** A time that somebody waits for, in the one unit that says enough: nobody can foretell more. */
export function roughTime(seconds: number): {
  unit: 'moment' | 'seconds' | 'minutes' | 'hours';
  count: number;
} {
  if (seconds < 5) return { unit: 'moment', count: 0 };
  if (seconds < 55) return { unit: 'seconds', count: Math.ceil(seconds / 10) * 10 };
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 20) return { unit: 'minutes', count: minutes };
  if (minutes < 90) return { unit: 'minutes', count: Math.round(minutes / 5) * 5 };
  return { unit: 'hours', count: Math.round(minutes / 30) / 2 };
}
