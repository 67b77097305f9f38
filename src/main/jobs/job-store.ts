import type { SerializedError } from '../../shared/errors.ts';
import type {
  BatchRecord,
  BatchState,
  FileRecord,
  FileResult,
  FileState,
  WorkState,
} from '../../shared/jobs.ts';
import type { Plan } from '../../shared/plan.ts';

/** Who takes files: one process of Enlarger, or one of several in it. */
export interface Owner {
  id: number;
  pid: number;
  /** Unlike any other owner's; part of the names of temporary files. */
  token: string;
}

/** A file that can be enlarged. Its place in the batch is its place in the list. */
export interface PlannedFile {
  source: string;
  folder: string;
  identity: string;
  facts: NonNullable<FileRecord['facts']>;
  target: string;
  format: NonNullable<FileRecord['format']>;
  quality?: number | undefined;
  /** Whether the place where it was taken is left out of the result. */
  removeGps?: boolean | undefined;
  notes: string[];
  sourceSize: number;
  sourceMtimeNs: string;
  plan: Plan;
}

/** A file that is not to be enlarged, kept so that the batch can say why. */
export interface EndedFile {
  source: string;
  /** Device and inode, where they are known: an original that no result is made of is not to be replaced either. */
  identity?: string | undefined;
  target?: string | undefined;
  ended:
    | { state: 'failed'; code: SerializedError['code']; reason: string }
    | { state: 'skipped'; reason: string };
}

export type NewFile = PlannedFile | EndedFile;

export interface NewBatch {
  title: string;
  /** Anything that JSON can hold. */
  recipe: unknown;
  out: string;
  shell: BatchRecord['shell'];
  files: NewFile[];
}

/** A file in work, with all that the work needs. */
export interface LeasedFile extends FileRecord {
  facts: NonNullable<FileRecord['facts']>;
  target: string;
  format: NonNullable<FileRecord['format']>;
  planKey: string;
  plan: Plan;
  /** Where the engine is to write: beside the target, and known to the journal, so that it can be cleared away. */
  temporary: string;
}

/** What is about to be committed: enough to tell after a crash whether it was. */
export interface Intent extends FileResult {
  /** Finished, flushed and verified. */
  temporary: string;
  /** True if the commit may replace what stands at `target`. */
  replaces: boolean;
}

export type FileOutcome =
  | ({ state: 'done' } & FileResult)
  | { state: 'failed'; code: SerializedError['code']; reason: string }
  | { state: 'cancelled' }
  | { state: 'skipped'; reason: string };

/** What identifies a result: under the same key the same bytes would come out. */
export interface ResultKey {
  sourceSha256: string;
  planKey: string;
  target: string;
  format: string;
  quality?: number | undefined;
  /** Whether the place where it was taken is left out of the result. */
  removeGps?: boolean | undefined;
}

/** What a dead owner had in work. */
export interface Reclaimed {
  file: LeasedFile;
  /** Set where its result was finished and about to get its name. */
  intent: (Intent & { writtenAt: number }) | undefined;
}

export interface Recovery {
  /** Files whose result had its name already; they are done now. */
  done: number[];
  /** Files whose finished result only needs its name: leased to the caller, to be committed. */
  ready: { file: LeasedFile; intent: Intent }[];
  /** Files that are to be enlarged again. */
  requeued: number[];
}

export interface BatchQuery {
  /** Part of the title or of the output folder, in any letter case. */
  search?: string | undefined;
  states?: readonly BatchState[] | undefined;
  limit?: number | undefined;
  /** Only batches older than the one with this id. */
  before?: number | undefined;
}

export interface FileQuery {
  states?: readonly FileState[] | undefined;
  /** Only files after this position. */
  after?: number | undefined;
  limit?: number | undefined;
  /** Part of the source's path, in any letter case. */
  search?: string | undefined;
}

export interface Bounds {
  /** Ended batches to keep at most; 500 unless told. */
  batches?: number | undefined;
  /** Files of ended batches to keep at most; 1,000,000 unless told. */
  files?: number | undefined;
}

/**
 * What a job store can be asked. Every answer to a change comes after the change is on the disk, `move` excepted.
 * Unknown ids fail with `not-found`; what is done to a file that another owner has by now, with `lease-lost`.
 */
export interface JobCalls {
  addBatch(batch: NewBatch): Promise<number>;
  /**
   * Begins a batch of which the files are handed over in pieces: with `draftFiles`, until `addDraft` writes all of it at
   * once and resolves to the batch's id. Before that the journal has nothing of it.
   */
  draftBatch(batch: Omit<NewBatch, 'files'>): Promise<number>;
  draftFiles(draft: number, files: NewFile[]): Promise<void>;
  addDraft(draft: number): Promise<number>;
  /** Forgets these files where they are still queued; resolves to how many were. */
  removeFiles(fileIds: number[]): Promise<number>;
  /** Newest first. */
  batches(query?: BatchQuery): Promise<BatchRecord[]>;
  batch(batchId: number): Promise<BatchRecord>;
  /** That of its first planned file; undefined for a batch without any. */
  planOf(batchId: number): Promise<Plan | undefined>;
  /** By position. */
  files(batchId: number, query?: FileQuery): Promise<FileRecord[]>;
  file(fileId: number): Promise<FileRecord>;
  /** Whether a file with this device and inode is a source of the batch: nothing may ever replace it. */
  hasSource(batchId: number, identity: string): Promise<boolean>;

  registerOwner(): Promise<Owner>;
  /** To be called every ten seconds or so: on some systems nothing else shows that an owner lives. */
  heartbeat(owner: Owner): Promise<void>;
  /** Ends an owner. What it still has in work can be recovered at once. */
  retire(owner: Owner): Promise<void>;
  /** The next `count` files, in work for `owner` from now on; none of a batch that is paused or over. */
  take(batchId: number, owner: Owner, count: number): Promise<LeasedFile[]>;
  /** Leases what dead owners had in work to `owner`, as it is. `recover` does this, and tidies up. */
  reclaim(owner: Owner): Promise<Reclaimed[]>;
  /** Takes over from dead owners: what they had finished is finished, what they had begun is queued again. */
  recover(owner: Owner): Promise<Recovery>;

  /** Notes how far a file is; resolves at once, is written with the next change, and counts only while it is in work. */
  move(owner: Owner, fileId: number, state: WorkState): Promise<void>;
  /** Durable when it resolves. To be called before each name under which the result may be placed. */
  intend(owner: Owner, fileId: number, intent: Intent): Promise<void>;
  finish(owner: Owner, fileId: number, outcome: FileOutcome): Promise<void>;
  /** Puts files in work back into the queue. */
  requeue(owner: Owner, fileIds: number[]): Promise<void>;
  /** Notes that the engine died over a file; resolves to how often that was so far. */
  strike(fileId: number, reason: string): Promise<number>;

  /**
   * `cancelled` also cancels every queued file; those in work are the caller's to stop. `queued` also resumes the files of
   * a batch that `settle` has paused.
   */
  setBatchState(
    batchId: number,
    state: Extract<BatchState, 'queued' | 'running' | 'paused' | 'cancelled'>,
    reason?: string,
  ): Promise<void>;
  pauseFiles(fileIds: number[]): Promise<void>;
  /** A batch that `settle` has paused is queued again with them. */
  resumeFiles(fileIds: number[]): Promise<void>;
  /** Puts these files in front of all others of their batch. */
  prioritise(fileIds: number[]): Promise<void>;
  /** Cancels queued files. Resolves to those of `fileIds` that are in work, which the caller has to stop. */
  cancelFiles(fileIds: number[]): Promise<number[]>;
  /** Queues the chosen files again, and with them the batch; resolves to how many. */
  retry(batchId: number, which: { failed?: boolean; cancelled?: boolean }): Promise<number>;
  /** Queues these again where they failed or were cancelled, and with them their batches; resolves to the batch of each. */
  retryFiles(fileIds: number[]): Promise<number[]>;
  /** Ends the batch if nothing of it is left to do, and pauses it if all that is left is paused. Resolves to its state. */
  settle(batchId: number): Promise<BatchState>;

  /** A result with this key that still stands as it was written. */
  doneBefore(key: ResultKey): Promise<FileResult | undefined>;
  /** SHA-256 of a file's bytes, remembered until the file changes. */
  fingerprint(path: string): Promise<string>;

  /** Forgets ended batches, never pictures; resolves to how many. `endedBefore` in milliseconds since 1970. */
  clear(what: { batchIds: number[] } | { endedBefore: number }): Promise<number>;
  /** Forgets the oldest ended batches beyond `bounds`; resolves to how many. */
  prune(bounds?: Bounds): Promise<number>;
}

/** The queue of batches and its journal. Several processes may use one; no file is ever given to two. */
export interface JobStore extends JobCalls {
  /** Calls back with the ids of batches that this store has changed, at most every 33 ms. Returns how to stop. */
  onChange(listener: (batchIds: number[]) => void): () => void;
  /** Writes what is pending and ends this store's owners. */
  close(): Promise<void>;
}
