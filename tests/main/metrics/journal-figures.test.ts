import { expect, it, onTestFinished } from 'vitest';
import type { NewFile } from '../../../src/main/jobs/job-store.ts';
import { JournalFigures } from '../../../src/main/metrics/journal-figures.ts';
import { openJobStore } from '../../../src/main/worker/open-job-store.ts';
import { startMainWorker } from '../../../src/main/worker/start-main-worker.ts';
import { planFor } from '../../support/models.ts';
import { temporaryFolder } from '../../support/pictures.ts';

async function openFigures() {
  const worker = startMainWorker();
  const { jobs } = await openJobStore(worker, await temporaryFolder());
  const journal = new JournalFigures(jobs);
  onTestFinished(async () => {
    journal[Symbol.dispose]();
    await jobs.close();
    await worker.close();
  });
  return { jobs, journal };
}

/** A picture of a hundred pixels. */
const planned = (name: string): NewFile => ({
  source: `/in/${name}.png`,
  ...{ folder: '', identity: name, target: `/out/${name}.png`, format: 'png', notes: [] },
  ...{ sourceSize: 1, sourceMtimeNs: '1', plan: planFor() },
  facts: { format: 'png', width: 10, height: 10, alpha: false, deep: false, pages: 1 },
});
const refused: NewFile = {
  source: '/in/refused.png',
  ended: { state: 'failed', code: 'decode-failed', reason: 'nonsense' },
};
const batch = (files: NewFile[]) => ({
  title: 'some',
  recipe: {},
  out: '/out',
  shell: 'web' as const,
  files,
});

it('knows batches as the journal has them, and what of them is lost', async () => {
  const { jobs, journal } = await openFigures();
  const id = await jobs.addBatch(batch([...['a', 'b', 'c'].map(planned), refused]));
  const other = await jobs.addBatch(batch([planned('d')]));
  expect([journal.record(id), journal.lostPixels(id)]).toEqual([undefined, undefined]);
  await journal.refresh([id, other], id);
  expect(journal.record(id)).toEqual(await jobs.batch(id));
  expect(journal.record(other)?.files.queued).toBe(1);
  expect([journal.lostPixels(id), journal.lostPixels(other)]).toEqual([0, undefined]);

  const changed = Promise.withResolvers<void>();
  onTestFinished(jobs.onChange(() => changed.resolve()));
  const [first] = await jobs.files(id);
  await jobs.cancelFiles([first?.id as number]);
  await changed.promise;
  // It is added up again as soon as that is cheap.
  while (journal.lostPixels(id) !== 100) await journal.refresh([id, other], id);
  expect(journal.record(id)).toMatchObject({ files: { queued: 2, cancelled: 1, failed: 1 } });

  await journal.refresh([other], undefined);
  expect([journal.record(id), journal.lostPixels(id)]).toEqual([undefined, undefined]);
});

it('does not know a batch that was cleared', async () => {
  const { jobs, journal } = await openFigures();
  const id = await jobs.addBatch(batch([refused]));
  await jobs.settle(id);
  await journal.refresh([id, 99], id);
  expect([journal.record(id)?.state, journal.record(99)]).toEqual(['partial', undefined]);
  const changed = Promise.withResolvers<void>();
  onTestFinished(jobs.onChange((ids) => ids.includes(id) && changed.resolve()));
  await jobs.clear({ batchIds: [id] });
  const again = journal.refresh([id], id);
  expect(journal.refresh([id], id)).toBe(again);
  await again;
});
