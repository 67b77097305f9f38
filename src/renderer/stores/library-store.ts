import { create } from 'zustand';
import type { EnlargerClient } from '../../shared/contract/contract.ts';
import type { EnlargerEvent } from '../../shared/contract/events.ts';
import type { BatchRecord, FileRecord } from '../../shared/jobs.ts';
import { applyEvent, EMPTY_LIBRARY, hideBatches, type Library, showBatch } from './library.ts';
import { useView } from './view-store.ts';

interface LibraryStore extends Library {
  /** Follows main until the line is cut; rejects then. Whatever was known before is asked for again. */
  follow(client: EnlargerClient, signal: AbortSignal): Promise<void>;
  /** Puts a batch and its files into the strip. */
  show(client: EnlargerClient, batchId: number): Promise<void>;
  /** Takes batches out of the strip; they stay in the journal. */
  hide(batchIds: readonly number[]): void;
  dismissNotice(id: number): void;
  dismissOffer(id: number): void;
  dismissExport(id: number): void;
  /** Forgets how the download of a model ended. */
  dismissDownload(id: string): void;
}

const OPEN_STATES = new Set(['queued', 'running', 'paused']);
/** Files that are asked for at once: as many as the contract gives. */
const PAGE = 500;

export const useLibrary = create<LibraryStore>()((set, get) => {
  const load = async (client: EnlargerClient, batchId: number) => {
    const [batch, files] = await Promise.all([client.batches.get({ batchId }), allFiles(client, batchId)]);
    set((library) => showBatch(library, batch, files));
  };
  /** What a message asks for beyond itself. */
  const catchUp = async (client: EnlargerClient, { batches = [], reload = [] }: EnlargerEvent) => {
    const { shown } = get();
    const strange = batches.filter(({ id, state }) => !shown.includes(id) && OPEN_STATES.has(state));
    const again = reload.filter((id) => shown.includes(id));
    for (const id of new Set([...strange.map((batch) => batch.id), ...again])) {
      // One that is cleared meanwhile is told of, too.
      await load(client, id).catch(() => {});
    }
  };
  return {
    ...EMPTY_LIBRARY,
    follow: async (client, signal) => {
      const events = await client.events(undefined, { signal });
      const { shown } = get();
      const { batches, files, loaded } = get();
      set({ ...EMPTY_LIBRARY, batches, files, loaded, shown });
      const listed = await client.batches.list({ limit: PAGE });
      set({ batches: new Map(listed.map((batch) => [batch.id, batch])) });
      const kept = new Set(shown);
      const wanted = listed.filter(({ id, state }) => kept.has(id) || OPEN_STATES.has(state));
      const [latest] = listed;
      for (const { id } of wanted.length > 0 || !latest ? wanted : [latest]) await load(client, id);
      set({ loaded: true });
      for await (const event of events) {
        set((library) => applyEvent(library, event));
        for (const command of event.commands ?? []) useView.getState().open(command);
        await catchUp(client, event);
      }
      throw new Error('closed');
    },
    show: load,
    hide: (batchIds) => set((library) => hideBatches(library, new Set(batchIds))),
    dismissNotice: (id) => set(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) })),
    dismissOffer: (id) => set(({ offers }) => ({ offers: offers.filter((offer) => offer.id !== id) })),
    dismissExport: (id) =>
      set(({ exports }) => ({ exports: new Map([...exports].filter(([other]) => other !== id)) })),
    dismissDownload: (id) =>
      set(({ downloads }) => ({ downloads: new Map([...downloads].filter(([other]) => other !== id)) })),
  };
});

async function allFiles(client: EnlargerClient, batchId: number): Promise<FileRecord[]> {
  const files: FileRecord[] = [];
  for (let after: number | undefined; ; ) {
    const page: FileRecord[] = await client.batches.files({
      batchId,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    files.push(...page);
    if (page.length < PAGE) return files;
    after = page.at(-1)?.position;
  }
}

/** The files of a batch that is shown, by position. */
export function filesOf(files: ReadonlyMap<number, FileRecord>, batchId: number): FileRecord[] {
  return [...files.values()]
    .filter((file) => file.batchId === batchId)
    .sort((a, b) => a.position - b.position);
}

/** How many files of a batch have come to an end. */
export function endedOf({ files }: BatchRecord): number {
  return (files.done ?? 0) + (files.failed ?? 0) + (files.cancelled ?? 0) + (files.skipped ?? 0);
}

export function totalOf({ files }: BatchRecord): number {
  return Object.values(files).reduce((sum, count) => sum + (count ?? 0), 0);
}
