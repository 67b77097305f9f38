import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileOutcome, JobCalls, Owner } from '../../../src/main/jobs/job-store.ts';
import { newBatch, newCalls, resultAt } from './made-up-jobs.ts';
import { QueueModel } from './queue-model.ts';

/** One letter a file. */
const NAMES = 'abcdefgh';

const OUTCOMES: FileOutcome[] = [
  { state: 'done', ...resultAt('/out/a.jpg') },
  { state: 'failed', code: 'internal', reason: 'Bad luck.' },
  { state: 'cancelled' },
  { state: 'skipped', reason: 'It is there.' },
];

const id = fc.integer({ min: 1, max: 8 });
const who = fc.nat(1);
const kind = <K extends string>(name: K) => fc.constant(name);
const op = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: kind('take'), who, count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: kind('finish'), who, id, outcome: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ kind: kind('move'), who, id },
      state: fc.constantFrom('decoding' as const, 'enhancing' as const, 'encoding' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('requeue'), who, id }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('pause'), id, paused: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('prioritise'), id }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('remove'), id }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('cancel'), id }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('state'),
      state: fc.constantFrom(...(['running', 'running', 'queued', 'paused', 'cancelled'] as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('retry'),
      state: fc.constantFrom('failed' as const, 'cancelled' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind('settle') }) },
);
type Op = typeof op extends fc.Arbitrary<infer T> ? T : never;

const refusal = () => 'refused';

/** What the store and the model answer to the same operation. */
function both(jobs: JobCalls, batchId: number, owners: Owner[], model: QueueModel, step: Op) {
  const owner = (index: number) => owners[index] as Owner;
  switch (step.kind) {
    case 'take': {
      const taking = jobs.take(batchId, owner(step.who), step.count);
      return [taking.then((files) => files.map((file) => file.id)), model.take(step.who, step.count)];
    }
    case 'finish': {
      const outcome = OUTCOMES[step.outcome] as FileOutcome;
      const finishing = jobs.finish(owner(step.who), step.id, outcome).catch(refusal);
      return [finishing, model.finish(step.who, step.id, outcome.state)];
    }
    case 'move':
      return [jobs.move(owner(step.who), step.id, step.state), model.move(step.who, step.id, step.state)];
    case 'requeue':
      return [jobs.requeue(owner(step.who), [step.id]).catch(refusal), model.requeue(step.who, step.id)];
    case 'pause': {
      const change = step.paused ? jobs.pauseFiles : jobs.resumeFiles;
      return [change([step.id]), model.pause(step.id, step.paused)];
    }
    case 'prioritise':
      return [jobs.prioritise([step.id]).catch(refusal), model.prioritise(step.id)];
    case 'remove':
      return [jobs.removeFiles([step.id]), model.remove(step.id)];
    case 'cancel':
      return [jobs.cancelFiles([step.id]).catch(refusal), model.cancel(step.id)];
    case 'state':
      return [jobs.setBatchState(batchId, step.state).catch(refusal), model.setState(step.state)];
    case 'retry':
      return [jobs.retry(batchId, { [step.state]: true }), model.retry(step.state)];
    case 'settle':
      return [jobs.settle(batchId), model.settle()];
  }
}

it('whatever is asked in whatever order, the journal knows what a simple list would', async () => {
  const jobs = await newCalls();
  await fc.assert(
    fc.asyncProperty(fc.array(op, { maxLength: 40 }), async (steps) => {
      const batchId = await jobs.addBatch(newBatch(NAMES));
      // Ids go on from batch to batch, those of the model begin at one.
      const [first] = await jobs.files(batchId);
      const base = (first?.id ?? 0) - 1;
      const model = new QueueModel([...NAMES]);
      const owners = [await jobs.registerOwner(), await jobs.registerOwner()];
      const shifted = shiftIds(jobs, base);
      for (const step of steps) {
        const [real, expected] = both(shifted, batchId, owners, model, step);
        expect(await real).toEqual(await expected);
      }
      const files = await jobs.files(batchId);
      expect(
        files.map(({ id: real, state, paused, priority, attempts }) => ({
          ...{ id: real - base, state, paused, priority, attempts },
        })),
      ).toEqual(
        model.files.map(({ id: expected, state, paused, priority, attempts }) => ({
          ...{ id: expected, state, paused, priority, attempts },
        })),
      );
      const { state, files: counts } = await jobs.batch(batchId);
      expect(state).toBe(model.state);
      for (const [name, count] of Object.entries(counts)) {
        expect(count, name).toBe(model.files.filter((file) => file.state === name).length);
      }
    }),
    { numRuns: 60 },
  );
});

/** The same calls with the ids of files counted from `base`. */
function shiftIds(jobs: JobCalls, base: number): JobCalls {
  const many = (call: (ids: number[]) => Promise<unknown>) => (ids: number[]) =>
    call(ids.map((each) => each + base));
  return {
    ...jobs,
    take: async (batchId, owner, count) =>
      (await jobs.take(batchId, owner, count)).map((file) => ({ ...file, id: file.id - base })),
    finish: (owner, file, outcome) => jobs.finish(owner, file + base, outcome),
    move: (owner, file, state) => jobs.move(owner, file + base, state),
    requeue: (owner, ids) =>
      jobs.requeue(
        owner,
        ids.map((each) => each + base),
      ),
    pauseFiles: many(jobs.pauseFiles) as JobCalls['pauseFiles'],
    resumeFiles: many(jobs.resumeFiles) as JobCalls['resumeFiles'],
    prioritise: many(jobs.prioritise) as JobCalls['prioritise'],
    removeFiles: many(jobs.removeFiles) as JobCalls['removeFiles'],
    cancelFiles: async (ids) =>
      (await jobs.cancelFiles(ids.map((each) => each + base))).map((each) => each - base),
  };
}
