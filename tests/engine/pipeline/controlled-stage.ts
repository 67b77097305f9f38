import { setImmediate } from 'node:timers/promises';
import { DeterministicPipeline } from '../../../src/engine/pipeline/deterministic-pipeline.ts';
import { type Stage, type StageContext, stages } from '../../../src/engine/pipeline/stage.ts';

/** One call of a stage, open until the test ends it. */
export interface Call<In, Out> extends StageContext {
  readonly input: In;
  readonly finish: (output: Out) => void;
  readonly fail: (error: unknown) => void;
}

/** A stage whose calls wait for the test to end them, and that remembers what it was asked to discard. */
export class ControlledStage<In, Out = In> implements Stage<In, Out> {
  readonly name: string;
  readonly concurrency: number;
  readonly calls: Call<In, Out>[] = [];
  readonly discarded: Out[] = [];

  constructor(name: string, concurrency = 1) {
    this.name = name;
    this.concurrency = concurrency;
  }

  run(input: In, context: StageContext): Promise<Out> {
    const { promise, resolve, reject } = Promise.withResolvers<Out>();
    this.calls.push({ ...context, input, finish: resolve, fail: reject });
    return promise;
  }

  discard(output: Out): void {
    this.discarded.push(output);
  }

  /** The call for the frame with this id. */
  call(frameId: number): Call<In, Out> {
    const call = this.calls.find((candidate) => candidate.frameId === frameId);
    if (!call) throw new Error(`Frame ${frameId} is not in stage ${this.name}.`);
    return call;
  }

  get started(): number[] {
    return this.calls.map((call) => call.frameId);
  }
}

/** Lets everything happen that can happen without the test doing something. */
export async function settled(): Promise<void> {
  await setImmediate();
}

/** What `promise` has come to so far. */
export async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  let state: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  promise.then(
    () => {
      state = 'fulfilled';
    },
    () => {
      state = 'rejected';
    },
  );
  await settled();
  return state;
}

/** A pipeline of two controlled stages, and the inputs it discarded. */
export function twoStages(options: { queueDepth?: number; concurrency?: number } = {}) {
  const a = new ControlledStage<string>('a', options.concurrency);
  const b = new ControlledStage<string>('b', options.concurrency);
  const inputs: string[] = [];
  const pipeline = new DeterministicPipeline({
    stages: stages(a).stage(b),
    queueDepth: options.queueDepth ?? 1,
    discardInput: (input) => inputs.push(input),
  });
  return { a, b, inputs, pipeline };
}

export function withAbort() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
