import type { Download } from '../../shared/contract/catalogue.ts';
import type {
  EngineStatus,
  EnlargerEvent,
  FileProgress,
  Notice,
  Offer,
} from '../../shared/contract/events.ts';
import type { Export } from '../../shared/contract/exports.ts';
import type { BatchRecord, FileRecord } from '../../shared/jobs.ts';

/** What the page knows of main: a copy of the part of the journal that it shows, and what is moving. */
export interface Library {
  /** Whether what follows has been asked for yet: before, nothing is known, which is not the same as nothing there. */
  readonly loaded: boolean;
  /** All batches that are known, by id. */
  readonly batches: ReadonlyMap<number, BatchRecord>;
  /** Batches whose files are here and in the strip, in the order in which they were made. */
  readonly shown: readonly number[];
  /** Files of the batches that are shown, by id. */
  readonly files: ReadonlyMap<number, FileRecord>;
  /** Of what is in work. */
  readonly progress: ReadonlyMap<number, FileProgress>;
  /** What keeps a batch from going on, in words. */
  readonly obstacles: ReadonlyMap<number, string>;
  readonly engine: EngineStatus;
  readonly notices: readonly Notice[];
  readonly offers: readonly Offer[];
  readonly exports: ReadonlyMap<number, Export>;
  /** Downloads of models, by the model's id: those that go on, and how those ended that this page has seen. */
  readonly downloads: ReadonlyMap<string, Download>;
  /** How often it was told that models have changed. */
  readonly modelChanges: number;
}

export const EMPTY_LIBRARY: Library = {
  loaded: false,
  batches: new Map(),
  shown: [],
  files: new Map(),
  progress: new Map(),
  obstacles: new Map(),
  engine: { state: 'starting', generation: 0 },
  notices: [],
  offers: [],
  exports: new Map(),
  downloads: new Map(),
  modelChanges: 0,
};

/** `library` after an event. What did not change is the same object as before. */
export function applyEvent(library: Library, event: EnlargerEvent): Library {
  const next: { -readonly [K in keyof Library]: Library[K] } = { ...library };
  if (event.batches) next.batches = withRecords(library.batches, event.batches);
  if (event.files) {
    const shown = new Set(library.shown);
    next.files = withRecords(
      library.files,
      event.files.filter(({ batchId }) => shown.has(batchId)),
    );
    next.progress = withoutEnded(next.progress, event.files);
  }
  if (event.progress) next.progress = withProgress(next.progress, event.progress);
  if (event.obstacles) next.obstacles = withObstacles(library.obstacles, event.obstacles);
  if (event.engine) next.engine = event.engine;
  if (event.notices) next.notices = joined(library.notices, event.notices);
  if (event.offers) next.offers = joined(library.offers, event.offers);
  if (event.exports) next.exports = withRecords(library.exports, event.exports);
  if (event.downloads) next.downloads = withRecords(library.downloads, event.downloads);
  if (event.models) next.modelChanges = library.modelChanges + 1;
  return event.cleared ? withoutBatches(next, new Set(event.cleared)) : next;
}

/** `library` with these batches shown, and all of their files as the journal has them. */
export function showBatch(library: Library, batch: BatchRecord, files: readonly FileRecord[]): Library {
  const others = [...library.files].filter(([, { batchId }]) => batchId !== batch.id);
  const shown = new Set(library.shown).add(batch.id);
  return {
    ...library,
    batches: withRecords(library.batches, [batch]),
    shown: [...shown].sort((a, b) => a - b),
    files: new Map([...others, ...files.map((file) => [file.id, file] as const)]),
    progress: withoutEnded(library.progress, files),
  };
}

/** `library` without these batches in the strip; they are still known. */
export function hideBatches(library: Library, batchIds: ReadonlySet<number>): Library {
  return {
    ...library,
    shown: library.shown.filter((id) => !batchIds.has(id)),
    files: new Map([...library.files].filter(([, { batchId }]) => !batchIds.has(batchId))),
  };
}

function withRecords<I, T extends { id: I }>(map: ReadonlyMap<I, T>, records: readonly T[]) {
  if (records.length === 0) return map;
  const next = new Map(map);
  for (const record of records) next.set(record.id, record);
  return next;
}

function withProgress(map: ReadonlyMap<number, FileProgress>, files: readonly FileProgress[]) {
  const next = new Map(map);
  for (const file of files) next.set(file.fileId, file);
  return next;
}

/** What is not in work any more has no progress. */
function withoutEnded(map: ReadonlyMap<number, FileProgress>, files: readonly FileRecord[]) {
  const ended = files.filter(({ id, state }) => map.has(id) && !isInWork(state));
  if (ended.length === 0) return map;
  const next = new Map(map);
  for (const { id } of ended) next.delete(id);
  return next;
}

export function isInWork(state: FileRecord['state']): boolean {
  return state === 'decoding' || state === 'enhancing' || state === 'encoding';
}

function withObstacles(
  map: ReadonlyMap<number, string>,
  obstacles: readonly { batchId: number; reason: string | null }[],
) {
  const next = new Map(map);
  for (const { batchId, reason } of obstacles) {
    if (reason === null) next.delete(batchId);
    else next.set(batchId, reason);
  }
  return next;
}

function withoutBatches(library: Library, batchIds: ReadonlySet<number>): Library {
  const keep = ([id]: readonly [number, unknown]) => !batchIds.has(id);
  return {
    ...hideBatches(library, batchIds),
    batches: new Map([...library.batches].filter(keep)),
    obstacles: new Map([...library.obstacles].filter(keep)),
  };
}

function joined<T extends { id: number }>(list: readonly T[], more: readonly T[]): readonly T[] {
  const known = new Set(list.map(({ id }) => id));
  return [...list, ...more.filter(({ id }) => !known.has(id))];
}
