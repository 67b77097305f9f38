import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { useLibrary } from '../../../src/renderer/stores/library-store.ts';
import type { BatchRecord, FileRecord } from '../../../src/shared/jobs.ts';
import { Page, QUICK, startShell } from '../../main/shells/web-page.ts';
import { cutShort, writePicture } from '../../support/pictures.ts';

/** Resolves once the store says so. */
function until(wanted: (store: ReturnType<typeof useLibrary.getState>) => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (wanted(useLibrary.getState())) resolve();
  };
  const stop = useLibrary.subscribe(look);
  look();
  return promise.finally(stop);
}

it('what the page knows at the end is what the journal has, whatever happened on the way', async () => {
  const { web, root } = await startShell();
  const page = await Page.open(web);
  for (let index = 0; index < 12; index++) await writePicture(join(root, `picture-${index}.png`));
  await cutShort(await writePicture(join(root, 'broken.png')));
  const over = new AbortController();
  onTestFinished(() => over.abort());
  void useLibrary
    .getState()
    .follow(page.client, over.signal)
    .catch(() => {});

  const request = { inputs: [{ kind: 'path' as const, path: '' }], recipe: QUICK };
  const first = await page.client.batches.create({ ...request, out: { kind: 'kept' } });
  const second = await page.client.batches.create({ ...request, out: { kind: 'kept' } });
  const waiting = await page.client.batches.files({ batchId: second.id, states: ['queued'] });
  const [paused, removed, cancelled, ...others] = waiting.map(({ id }) => id) as [number, number, number];
  await page.client.files.pause({ fileIds: [paused] });
  await page.client.files.remove({ fileIds: [removed] });
  await page.client.files.cancel({ fileIds: [cancelled] });
  await page.client.files.prioritise({ fileIds: others.slice(-2) });
  await page.client.files.resume({ fileIds: [paused] });

  await until(({ batches }) => [first.id, second.id].every((id) => batches.get(id)?.state === 'partial'));
  await page.client.batches.retry({ batchId: first.id });
  await until(({ batches, files }) => {
    const failed = [...files.values()].find(
      ({ batchId, state }) => batchId === first.id && state === 'failed',
    );
    return batches.get(first.id)?.state === 'partial' && failed?.attempts === 2;
  });

  const inJournal = async ({ id }: BatchRecord): Promise<FileRecord[]> =>
    page.client.batches.files({ batchId: id, limit: 500 });
  const journal = [...(await inJournal(first)), ...(await inJournal(second))];
  await until(({ progress }) => progress.size === 0);
  const { files, batches } = useLibrary.getState();
  expect([...files.values()].sort((a, b) => a.id - b.id)).toEqual(journal.sort((a, b) => a.id - b.id));
  expect([...batches.values()].sort((a, b) => b.id - a.id)).toEqual(await page.client.batches.list({}));
});
