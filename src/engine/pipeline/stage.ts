/** What a stage knows about the frame it works on. */
export interface StageContext {
  /** Counted from 0 in the order in which frames entered the pipeline. */
  readonly frameId: number;
  /** Aborted, with an `EnlargerError` as its reason, when the frame is cancelled or the pipeline stops. */
  readonly signal: AbortSignal;
}

/**
 * One step that every frame passes.
 *
 * Ownership moves with the value, so that whatever a frame holds is released exactly once:
 * - `run` takes its input over. By the time its promise settles, fulfilled or rejected, the stage has
 *   released the input or made it part of the output (`using` does it); the pipeline never touches it again.
 * - What `run` returned is the pipeline's while the frame waits for the next stage or for its turn to leave.
 *   If the frame ends there, the pipeline hands the value to `discard` of the stage that made it, once.
 * - The next stage's `run`, or the receiver of the result, takes it over from there.
 */
export interface Stage<In, Out> {
  /** Names the stage in measurements. */
  readonly name: string;
  /** How many frames may be inside at once, an integer from 1; they still move on in entry order. Default 1. */
  readonly concurrency?: number;
  run(input: In, context: StageContext): Promise<Out>;
  /** Releases an output that nobody is going to receive. A promise is awaited: till then the frame is not over. */
  discard?(output: Out): unknown;
}

/** A stage among others of all types; the `StageChain` that it came in has checked that its neighbours fit. */
export type ErasedStage = Stage<unknown, unknown>;

/** Stages of which each accepts what the one before it returns. Built by `stages`; never changes. */
export interface StageChain<In, Out> {
  readonly list: readonly ErasedStage[];
  /** This chain and `next` behind it. */
  stage<Next>(next: Stage<Out, Next>): StageChain<In, Next>;
  /** Never set: it makes the compiler tell chains of different types apart. */
  readonly types?: (input: In) => Out;
}

/** A chain of one stage, to be continued: `stages(decode).stage(enhance).stage(encode)`. */
export function stages<In, Out>(first: Stage<In, Out>): StageChain<In, Out> {
  return chain<In, Out>([first]);
}

function chain<In, Out>(list: readonly ErasedStage[]): StageChain<In, Out> {
  return { list, stage: (next) => chain([...list, next]) };
}
