import { expect, it } from 'vitest';
import { EventHub } from '../../../src/main/application/event-hub.ts';
import type { Download } from '../../../src/shared/contract/catalogue.ts';
import type { EnlargerEvent } from '../../../src/shared/contract/events.ts';

/** Downloads are in no journal. */
const JOURNAL = { batch: () => Promise.reject(), file: () => Promise.reject() };

const at = (bytesDone: number, state: Download['state'] = 'downloading'): Download => ({
  ...{ id: 'tiny-x2', state, bytesDone, bytesTotal: 1000 },
});

async function first(hub: EventHub): Promise<EnlargerEvent | undefined> {
  for await (const event of hub.read(new AbortController().signal)) return event;
  return undefined;
}

it('a page that opens is told of downloads that go on, and of none that is over', async () => {
  const hub = new EventHub(JOURNAL);
  hub.download(at(10));
  hub.download(at(500));
  expect(await first(hub)).toMatchObject({ downloads: [at(500)] });
  hub.download(at(1000, 'done'));
  expect(await first(hub)).not.toHaveProperty('downloads');
});

it('a reader that is slow is told how far a download is, and not how it got there', async () => {
  const hub = new EventHub(JOURNAL);
  const reading = hub.read(new AbortController().signal);
  await reading.next();
  for (let done = 1; done < 1000; done++) hub.download(at(done));
  hub.download(at(1000, 'done'));
  expect((await reading.next()).value).toEqual({ downloads: [at(1000, 'done')] });
  await reading.return();
});
