import { expect, it, onTestFinished } from 'vitest';
import { BatchQueue } from '../../../src/main/application/batch-queue.ts';
import { EventHub } from '../../../src/main/application/event-hub.ts';
import { WorkWatch } from '../../../src/main/metrics/work-watch.ts';
import type { EnlargerEvent } from '../../../src/shared/contract/events.ts';
import { openWorkshop, pictures, queue as queueIn } from '../batch/batch-run.ts';
import { reached } from '../engine/supervisor/support.ts';

/** A queue of one workshop, and all that its pages are told. */
async function openQueue(limits: Parameters<typeof openWorkshop>[0]) {
  const workshop = await openWorkshop(limits);
  const hub = new EventHub(workshop.jobs);
  onTestFinished(workshop.jobs.onChange((ids) => hub.batches(ids)));
  const work = new WorkWatch({ onBegan: () => {}, onEnded: () => {} });
  const queue = new BatchQueue(workshop, { otherFolders: [], hub, work });
  onTestFinished(() => queue.close());
  return { workshop, hub, queue };
}

/** What a page that opens now is told, up to the first event that `found` says yes to. */
async function told(hub: EventHub, found: (event: EnlargerEvent) => boolean): Promise<EnlargerEvent> {
  const abort = new AbortController();
  for await (const event of hub.read(abort.signal)) {
    if (!found(event)) continue;
    abort.abort();
    return event;
  }
  throw new Error('The events have ended.');
}

const inState = (id: number, state: string) => (event: EnlargerEvent) =>
  event.batches?.some((batch) => batch.id === id && batch.state === state) ?? false;

it('a batch that no engine can be kept running for waits, says so, and is done once it is asked for again', async () => {
  const { workshop, hub, queue } = await openQueue({ deaths: 1 });
  const batchId = await queueIn(await pictures('a.jpg', 'b.jpg'), workshop);
  const broken = reached(workshop.engine, 'broken');
  process.kill(workshop.engine.pid, 'SIGKILL');
  await broken;
  const paused = told(hub, inState(batchId, 'paused'));
  // The queue asks for the engine once more, and loses that, too.
  const next = reached(workshop.engine, 'ready', 2).then(() => process.kill(workshop.engine.pid, 'SIGKILL'));
  queue.add(batchId);
  await next;
  const reason = expect.stringMatching(
    /^The engine cannot be kept running: it was ended by SIGKILL\. .* waits until it is resumed\.$/,
  );
  expect((await paused).batches).toMatchObject([{ state: 'paused', reason, files: { queued: 2 } }]);
  const opened = await told(hub, ({ obstacles }) => obstacles !== undefined);
  expect(opened.obstacles).toEqual([{ batchId, reason }]);
  const done = told(hub, inState(batchId, 'done'));
  queue.add(batchId);
  expect((await done).batches).toMatchObject([{ reason: null, files: { done: 2 } }]);
});
