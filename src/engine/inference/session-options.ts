import type { InferenceSession } from 'onnxruntime-node';

/** What all sessions have in common that compute an operator with `threads` threads. */
export function sessionOptions(threads: number) {
  return {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Threads that spin for work would take the cores from decoding, encoding and other workers.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  } satisfies InferenceSession.SessionOptions;
}

/** Those of sessions on the processor that try what a network is like: why they fail is thrown, and told nowhere else. */
export function trialOptions(threads: number) {
  return {
    ...sessionOptions(threads),
    executionProviders: ['cpu'],
    logSeverityLevel: 4,
  } satisfies InferenceSession.SessionOptions;
}
