import { describe, expect, it } from 'vitest';
import { BatchProgress } from '../../src/cli/batches/batch-progress.ts';
import { EnlargerError } from '../../src/shared/errors.ts';
import { fileAt, makeUpFiles, RESULT } from './made-up-batch.ts';

/** Two pictures: of two tiles and 20,000 pixels, and of one tile and 10,000. */
const FILES = makeUpFiles([200, 100], [100, 100]);

function newProgress(): BatchProgress {
  const progress = new BatchProgress({ width: 100, height: 100 }, 0);
  progress.expect(FILES);
  return progress;
}

const job = (jobId: number, tilesDone: number, pixelsDone: number) =>
  ({ jobId, state: 'enhancing', tilesDone, tilesTotal: 2, pixelsDone }) as const;
const done = (position: number) =>
  ({ state: 'done', file: fileAt(FILES, position), target: '/out/x.jpg', result: RESULT }) as const;
const failed = (position: number) =>
  ({
    state: 'failed',
    file: fileAt(FILES, position),
    error: new EnlargerError('decode-failed', ''),
  }) as const;

describe('BatchProgress', () => {
  it('knows how much there is before anything is done', () => {
    expect(newProgress().snapshot(200)).toEqual({
      filesDone: 0,
      filesTotal: 2,
      tilesDone: 0,
      tilesTotal: 3,
      megapixelsPerSecond: 0,
      millisecondsLeft: undefined,
    });
  });

  it('adds up what files report, the latest of each', () => {
    const progress = newProgress();
    progress.jobs([job(1, 1, 10_000)]);
    progress.jobs([job(1, 1, 10_000), job(2, 1, 10_000)]);
    const { tilesDone, filesDone, megapixelsPerSecond, millisecondsLeft } = progress.snapshot(2_000);
    expect([tilesDone, filesDone]).toEqual([2, 0]);
    expect(megapixelsPerSecond).toBeCloseTo(0.01, 9);
    expect(millisecondsLeft).toBeCloseTo(1_000, 6);
  });

  it('counts a file that is done in full, reported or not', () => {
    const progress = newProgress();
    progress.jobs([job(1, 1, 10_000)]);
    progress.file(done(0));
    expect(progress.snapshot(1_000)).toMatchObject({ filesDone: 1, tilesDone: 2 });
    expect(progress.pixelsDone).toBe(20_000);
  });

  it('expects no more of a file that failed', () => {
    const progress = newProgress();
    progress.jobs([job(1, 1, 10_000)]);
    progress.file(failed(0));
    progress.jobs([job(2, 0, 5_000)]);
    const { filesDone, tilesDone, millisecondsLeft } = progress.snapshot(3_000);
    // 15,000 pixels in 3 s; of what will ever be done, 5,000 are left.
    expect([filesDone, tilesDone, progress.pixelsDone]).toEqual([1, 2, 15_000]);
    expect(millisecondsLeft).toBeCloseTo(1_000, 6);
  });

  it('begins a file anew that is tried again', () => {
    const progress = newProgress();
    progress.jobs([job(1, 1, 10_000)]);
    progress.file({ state: 'retried', file: fileAt(FILES, 0), reason: 'the engine died' });
    expect(progress.snapshot(1_000)).toMatchObject({ filesDone: 0, tilesDone: 0, tilesTotal: 3 });
    progress.file(done(0));
    expect(progress.snapshot(2_000)).toMatchObject({ filesDone: 1, tilesDone: 2 });
  });

  it('takes in files that begin before they were expected, once', () => {
    const progress = new BatchProgress({ width: 100, height: 100 }, 0);
    progress.jobs([job(1, 1, 10_000)]);
    progress.file({ state: 'started', file: fileAt(FILES, 0) });
    progress.jobs([job(1, 1, 10_000)]);
    expect(progress.snapshot(1_000)).toMatchObject({ filesTotal: 1, tilesDone: 1, tilesTotal: 2 });
    progress.expect(FILES);
    expect(progress.snapshot(2_000)).toMatchObject({ filesTotal: 2, tilesDone: 1, tilesTotal: 3 });
  });

  it('believes the engine about tiles, which a smaller tile makes more', () => {
    const progress = newProgress();
    progress.jobs([{ ...job(1, 3, 5_000), tilesTotal: 8 }]);
    expect(progress.snapshot(1_000)).toMatchObject({ tilesDone: 3, tilesTotal: 9 });
  });

  it('is complete when every file has ended, however it did', () => {
    const progress = newProgress();
    progress.file({ state: 'cancelled', file: fileAt(FILES, 0) });
    progress.file(done(1));
    expect(progress.snapshot(2_000)).toMatchObject({
      filesDone: 2,
      filesTotal: 2,
      tilesDone: 3,
      tilesTotal: 3,
      millisecondsLeft: 0,
    });
  });

  it('of nothing is nothing', () => {
    expect(new BatchProgress({ width: 100, height: 100 }, 0).snapshot(5_000)).toMatchObject({
      filesTotal: 0,
      tilesTotal: 0,
      millisecondsLeft: undefined,
    });
  });
});
