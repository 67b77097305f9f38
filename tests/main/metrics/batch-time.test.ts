import { expect, it, onTestFinished } from 'vitest';
import type { FileEvent } from '../../../src/main/batch/file-event.ts';
import type { NewFile } from '../../../src/main/jobs/job-store.ts';
import { BatchTime } from '../../../src/main/metrics/batch-time.ts';
import { JournalFigures } from '../../../src/main/metrics/journal-figures.ts';
import { WorkWatch } from '../../../src/main/metrics/work-watch.ts';
import { MeasuredSpeeds } from '../../../src/main/models/measured-speed.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import { planFor } from '../../support/models.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** A picture of four megapixels. */
const planned = (name: string): NewFile => ({
  source: `/in/${name}.png`,
  ...{ folder: '', identity: name, target: `/out/${name}.png`, format: 'png', notes: [] },
  ...{ sourceSize: 1, sourceMtimeNs: '1', plan: planFor() },
  facts: { format: 'png', width: 2000, height: 2000, alpha: false, deep: false, pages: 1 },
});

/** A batch of three pictures that begins to run, the first of them in work. */
async function runningBatch(recipe: unknown) {
  const state = await temporaryFolder();
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, state);
  const journal = new JournalFigures(jobs);
  onTestFinished(async () => {
    journal[Symbol.dispose]();
    await jobs.close();
    await worker.close();
  });
  const files = ['a', 'b', 'c'].map(planned);
  const batchId = await jobs.addBatch({ title: 'some', recipe, out: '/out', shell: 'web', files });
  const owner = await jobs.registerOwner();
  const [file] = await jobs.take(batchId, owner, 1);
  const speeds = await MeasuredSpeeds.open(state);
  const work = new WorkWatch({});
  const time = new BatchTime(work, journal, speeds);
  const refresh = () => journal.refresh([batchId], batchId);
  const began = () => {
    work.began(batchId);
    work.file({ state: 'started', file } as FileEvent);
  };
  /** Says that so many tiles are done, of which the picture has forty. */
  const progress = (tilesDone: number) => {
    const job = { jobId: file?.id as number, state: 'enhancing' as const };
    work.progress([{ ...job, tilesDone, tilesTotal: 40, pixelsDone: tilesDone * 1e5 }]);
  };
  return { batchId, speeds, work, time, refresh, began, progress };
}

it('is what is left at the measured speed, once there is one', async () => {
  const { batchId, work, time, refresh, began, progress } = await runningBatch({});
  expect(time.sample(0)).toEqual([]);
  began();
  expect(time.sample(0)).toEqual([{ batchId, seconds: null }]);
  await refresh();
  // A minute of loading is not the batch's speed.
  expect([0, 60_000].map((now) => time.sample(now)[0]?.seconds)).toEqual([null, null]);
  progress(0);
  time.sample(60_000);
  progress(10);
  time.sample(61_000);
  progress(20);
  // A megapixel a second, and ten are left.
  expect(time.sample(62_000)[0]?.seconds).toBeCloseTo(10, 6);

  work.obstacle(batchId, 'the disk is full');
  expect(time.sample(63_000)).toEqual([{ batchId, seconds: null }]);
  time.sample(600_000);
  work.obstacle(batchId, undefined);
  progress(30);
  expect(time.sample(601_000)[0]?.seconds).toBeCloseTo(9, 6);
  work.ended(batchId);
  expect(time.sample(602_000)).toEqual([]);
});

it('is known at once where the model’s speed is', async () => {
  const { batchId, speeds, time, refresh, began } = await runningBatch({
    model: 'photo-x2',
    variant: 'int8',
  });
  await speeds.note('photo-x2', 'int8', { pixels: 6e6, tiles: 60, seconds: 2 });
  await speeds.note('photo-x2', 'fp32', { pixels: 1e6, tiles: 60, seconds: 2 });
  began();
  await refresh();
  expect(time.sample(0)).toEqual([{ batchId, seconds: 4 }]);
});
