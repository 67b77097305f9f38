import { examineRuntime, isComputedWholly } from './providers.ts';
import { type Candidate, type Comparison, compareSessions } from './self-test.ts';
import type { TileNetwork } from './tile-network.ts';
import { TileRunner, type TileWork } from './tile-runner.ts';
import { type SessionLoad, warmUp } from './warm-up.ts';

interface Pair {
  reference: Candidate;
  candidate: Candidate;
  network: TileNetwork;
}

export interface DeviceTrial extends Comparison {
  /** Whether the candidate's provider computes all of its network, and leaves nothing to the processor. */
  whole: boolean;
}

/** What an inference worker does for the coordinator. */
export function inferenceService() {
  const runner = new TileRunner();
  return {
    load: (load: SessionLoad) => warmUp(runner, load),
    unload: ({ key }: { key: string }) => runner.unload(key),
    run: (work: TileWork) => runner.run(work),
    examineRuntime: async (_: object) => examineRuntime(),
    compare: (input: Pair) => compareSessions(runner, input.reference, input.candidate, input.network),
    async tryDevice({ reference, candidate, network }: Pair): Promise<DeviceTrial> {
      const whole = await isComputedWholly(candidate.spec, new Uint8Array(candidate.model).slice());
      return { ...(await compareSessions(runner, reference, candidate, network)), whole };
    },
  };
}

export type InferenceService = ReturnType<typeof inferenceService>;
