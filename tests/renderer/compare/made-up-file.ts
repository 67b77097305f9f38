import type { FileRecord } from '../../../src/shared/jobs.ts';

/** A file as the journal tells of it, with whatever a test does not care about made up. */
export function madeUpFile(wanted: Partial<FileRecord> = {}): FileRecord {
  return {
    id: 1,
    batchId: 1,
    position: 0,
    priority: 0,
    paused: false,
    state: 'queued',
    source: '/home/me/trip/one.jpg',
    folder: '',
    identity: '1:1',
    facts: { format: 'jpeg', width: 40, height: 30, alpha: false, deep: false, pages: 1 },
    target: '/home/me/Prints/one-x2.jpg',
    format: 'jpeg',
    quality: null,
    removeGps: false,
    notes: [],
    sourceSize: 1000,
    sourceMtimeNs: '0',
    planKey: 'plan',
    attempts: 0,
    strikes: 0,
    startedAt: null,
    endedAt: null,
    code: null,
    reason: null,
    result: null,
    ...wanted,
  };
}
