import type { BatchRecord, FileRecord, FileResult, FileState } from '../../shared/jobs.ts';
import { FILE_STATES } from '../../shared/jobs.ts';
import type { Plan } from '../../shared/plan.ts';
import type { LeasedFile } from './job-store.ts';

/** Rows of the journal as SQLite gives them, and what they are outside of it. */

export interface BatchRow {
  id: number;
  title: string;
  recipe: string;
  out: string;
  shell: BatchRecord['shell'];
  state: BatchRecord['state'];
  reason: string | null;
  created: number;
  started: number | null;
  ended: number | null;
  counts: string | null;
}

export interface ResultRow {
  target: string;
  sha256: string;
  bytes: number;
  target_mtime_ns: string | null;
  timings: string;
  fidelity: string;
  notes: string;
  source_sha256: string | null;
}

/** A file with the columns of its result, which are null together where it has none. */
export interface FileRow {
  id: number;
  batch: number;
  position: number;
  priority: number;
  paused: number;
  state: FileState;
  attempts: number;
  strikes: number;
  started: number | null;
  ended: number | null;
  source: string;
  folder: string;
  identity: string;
  facts: string | null;
  target: string | null;
  format: FileRecord['format'];
  quality: number | null;
  remove_gps: number;
  notes: string;
  source_size: number;
  source_mtime_ns: string;
  plan: string | null;
  temporary: string | null;
  code: string | null;
  reason: string | null;
  result: string | null;
}

/** The columns of a FileRow; the result as one JSON value. */
export const SELECT_FILE = `
SELECT f.*, CASE WHEN r.file IS NULL THEN NULL ELSE json_object(
  'target', r.target, 'sha256', r.sha256, 'bytes', r.bytes, 'timings', json(r.timings),
  'fidelity', json(r.fidelity), 'notes', json(r.notes), 'sourceSha256', r.source_sha256) END AS result
FROM files f LEFT JOIN results r ON r.file = f.id`;

export interface Counts {
  files: Record<FileState, number>;
  pixelsTotal: number;
  pixelsDone: number;
}

/** Adds up rows of (state, number of files, their pixels). */
export function countsOf(rows: readonly { state: FileState; files: number; pixels: number }[]): Counts {
  const files = Object.fromEntries(FILE_STATES.map((state) => [state, 0])) as Record<FileState, number>;
  const counts: Counts = { files, pixelsTotal: 0, pixelsDone: 0 };
  for (const row of rows) {
    counts.files[row.state] = row.files;
    counts.pixelsTotal += row.pixels;
    if (row.state === 'done') counts.pixelsDone += row.pixels;
  }
  return counts;
}

export function batchRecord(row: BatchRow, counts: Counts): BatchRecord {
  return {
    id: row.id,
    title: row.title,
    recipe: JSON.parse(row.recipe),
    out: row.out,
    shell: row.shell,
    state: row.state,
    reason: row.reason,
    createdAt: row.created,
    startedAt: row.started,
    endedAt: row.ended,
    ...counts,
  };
}

export function fileRecord(row: FileRow): FileRecord {
  return {
    id: row.id,
    batchId: row.batch,
    position: row.position,
    priority: row.priority,
    paused: row.paused === 1,
    state: row.state,
    source: row.source,
    folder: row.folder,
    identity: row.identity,
    facts: row.facts === null ? null : JSON.parse(row.facts),
    target: row.target,
    format: row.format,
    quality: row.quality,
    removeGps: row.remove_gps === 1,
    notes: JSON.parse(row.notes),
    sourceSize: row.source_size,
    sourceMtimeNs: row.source_mtime_ns,
    planKey: row.plan,
    attempts: row.attempts,
    strikes: row.strikes,
    startedAt: row.started,
    endedAt: row.ended,
    code: row.code,
    reason: row.reason,
    result: row.result === null ? null : JSON.parse(row.result),
  };
}

/** `row` is of a file in work: only planned files ever are. */
export function leasedFile(row: FileRow, plan: Plan): LeasedFile {
  return { ...fileRecord(row), plan, temporary: row.temporary } as LeasedFile;
}

export function fileResult(row: ResultRow): FileResult {
  return {
    target: row.target,
    sha256: row.sha256,
    bytes: row.bytes,
    timings: JSON.parse(row.timings),
    fidelity: JSON.parse(row.fidelity),
    notes: JSON.parse(row.notes),
    sourceSha256: row.source_sha256,
  };
}
