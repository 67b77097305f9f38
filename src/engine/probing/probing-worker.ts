import { setPriority } from 'node:os';
import type { ModelFindings } from '../../shared/probing.ts';
import { serveThread } from '../../threads/thread-rpc.ts';
import { type Examination, examineModel } from './examine-model.ts';

/** How much it gives way to everything else, as `nice` counts. */
const NICENESS = 10;

// Only on Linux is a priority a thread's own.
if (process.platform === 'linux') setPriority(NICENESS);

/** What the probing thread does for the coordinator. */
const service = {
  examine: ({
    givenUp,
    ...asked
  }: Omit<Examination, 'givenUp'> & { givenUp: SharedArrayBuffer }): Promise<ModelFindings> =>
    examineModel({ ...asked, givenUp: new Int32Array(givenUp) }),
};

export type ProbingService = typeof service;

serveThread(service);
