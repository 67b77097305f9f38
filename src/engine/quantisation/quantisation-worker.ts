import { setPriority } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import type { RequestInput } from '../../shared/engine-protocol.ts';
import { serveThread } from '../../threads/thread-rpc.ts';
import { makeHalf } from './make-half.ts';
import { quantise } from './quantise.ts';

/** How much it gives way to everything else, as `nice` counts. */
const NICENESS = 10;

// Only on Linux is a priority a thread's own.
if (process.platform === 'linux') setPriority(NICENESS);

/** What the quantisation thread does for the coordinator. */
const service = {
  quantise: ({
    work,
    scratch,
    port,
  }: {
    work: RequestInput<'quantise'>;
    scratch: string;
    port: MessagePort;
  }) => quantise(work, scratch, (...progress) => port.postMessage(progress)),
  makeHalf,
};

export type QuantisationService = typeof service;

serveThread(service);
