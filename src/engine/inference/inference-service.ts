import { examineRuntime } from './providers.ts';
import { type Candidate, compareSessions } from './self-test.ts';
import { TileRunner, type TileWork } from './tile-runner.ts';
import { type SessionLoad, warmUp } from './warm-up.ts';

/** What an inference worker does for the coordinator. */
export function inferenceService() {
  const runner = new TileRunner();
  return {
    load: (load: SessionLoad) => warmUp(runner, load),
    unload: ({ key }: { key: string }) => runner.unload(key),
    run: (work: TileWork) => runner.run(work),
    examineRuntime: ({ model }: { model: SharedArrayBuffer }) =>
      examineRuntime(new Uint8Array(model).slice()),
    compare: (input: {
      reference: Candidate;
      candidate: Candidate;
      network: { scale: number; radius: number };
    }) => compareSessions(runner, input.reference, input.candidate, input.network),
  };
}

export type InferenceService = ReturnType<typeof inferenceService>;
