import { describe, expect, it } from 'vitest';
import { BatchesInWork } from '../../../../src/main/shells/desktop/batches-in-work.ts';
import type { FileProgress } from '../../../../src/shared/contract/events.ts';
import type { BatchRecord, FileRecord } from '../../../../src/shared/jobs.ts';

const batch = (id: number, state: BatchRecord['state'], pixelsDone = 0, shell = 'desktop') =>
  ({ id, state, shell, pixelsDone, pixelsTotal: 1000 }) as BatchRecord;
const progress = (fileId: number, batchId: number, pixelsDone: number) =>
  ({ fileId, batchId, pixelsDone, state: 'enhancing' }) as FileProgress;
const file = (id: number, state: FileRecord['state']) => ({ id, state }) as FileRecord;

describe('what there is to show of the work', () => {
  it('is nothing while nothing runs', () => {
    const watch = new BatchesInWork('desktop');
    expect(watch.state).toEqual({ share: undefined, stuck: false });
    watch.take({ batches: [batch(1, 'done'), batch(2, 'paused'), batch(3, 'running', 0, 'cli')] });
    expect(watch.state).toEqual({ share: undefined, stuck: false });
  });

  it('is the share of all pixels that run or wait, with what is begun', () => {
    const watch = new BatchesInWork('desktop');
    watch.take({ batches: [batch(1, 'running', 500), batch(2, 'queued')] });
    expect(watch.state.share).toBe(0.25);
    watch.take({ progress: [progress(7, 1, 100), progress(8, 99, 1000)] });
    expect(watch.state.share).toBe(0.3);
    watch.take({ batches: [batch(1, 'running', 600)], files: [file(7, 'done')] });
    expect(watch.state.share).toBe(0.3);
    watch.take({ progress: [progress(9, 2, 5000)] });
    expect(watch.state.share).toBe(1);
  });

  it('has no share of a batch without pixels yet', () => {
    const watch = new BatchesInWork('desktop');
    watch.take({ batches: [{ ...batch(1, 'queued'), pixelsTotal: 0 }] });
    expect(watch.state.share).toBe(0);
  });

  it('is stuck while something keeps a batch that runs from going on', () => {
    const watch = new BatchesInWork('desktop');
    watch.take({ batches: [batch(1, 'running')], obstacles: [{ batchId: 1, reason: 'The disk is full.' }] });
    expect(watch.state.stuck).toBe(true);
    watch.take({ obstacles: [{ batchId: 1, reason: null }] });
    expect(watch.state.stuck).toBe(false);
  });

  it('tells of a batch that ends, once, and of none that was cancelled, forgotten or never ran', () => {
    const watch = new BatchesInWork('desktop');
    watch.take({ batches: [1, 2, 3, 4, 5].map((id) => batch(id, 'running')) });
    const ended = watch.take({
      cleared: [5],
      batches: [
        batch(1, 'done'),
        batch(2, 'partial'),
        batch(3, 'cancelled'),
        batch(4, 'paused'),
        batch(5, 'done'),
        batch(6, 'done'),
      ],
    });
    expect(ended.map(({ id }) => id)).toEqual([1, 2]);
    expect(watch.take({ batches: [batch(1, 'done')] })).toEqual([]);
    expect(watch.state.share).toBeUndefined();
  });
});
