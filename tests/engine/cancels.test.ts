import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { EngineClient } from '../../src/main/engine/engine-client.ts';
import type { EnhanceJob } from '../../src/shared/engine-protocol.ts';
import { exists, jobFor, leftovers, NOTHING_LEFT, outcomeOf, readyEngine } from '../support/engine.ts';
import { planFor } from '../support/models.ts';

import { randomNumbers, writePicture } from '../support/pictures.ts';

const CANCELS = 1_000;
const AT_ONCE = 8;

/** Where a job is cancelled: right after it was asked for, or when it reports one of these states. */
const MOMENTS = ['asked', 'decoding', 'enhancing', 'encoding', 'verifying'] as const;

it('a thousand cancels at random moments leave no lease, tile, scratch or temporary file', async () => {
  const { engine, scratch, folder } = await readyEngine({ workers: 2, queueDepth: 2 });
  const source = await writePicture(join(folder, 'photo.jpg'), { width: 80, height: 48 });
  const random = randomNumbers(20261122);
  const outcomes = new Map<string, number>();
  let begun = 0;
  const workOn = async () => {
    while (begun < CANCELS) {
      begun += 1;
      const moment = MOMENTS[Math.floor(random() * MOMENTS.length)] as (typeof MOMENTS)[number];
      const job = jobFor(source, 'jpeg', {
        plan: planFor({ tile: 32 }),
        lane: random() < 0.5 ? 'batch' : 'interactive',
      });
      const outcome = await cancelAt(engine, job, moment);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome === 'cancelled') expect(await exists(job.output.temporary)).toBe(false);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workOn));
  // A job that was verifying may be done before the cancel reaches it; nothing else may become of one.
  expect([...outcomes.keys()].filter((outcome) => outcome !== 'done')).toEqual(['cancelled']);
  expect(outcomes.get('cancelled')).toBeGreaterThan(CANCELS / 2);
  expect(await leftovers(engine, scratch)).toEqual(NOTHING_LEFT);
  expect((await engine.request('report', {})).sessions).toHaveLength(2);
}, 240_000);

async function cancelAt(
  engine: EngineClient,
  job: EnhanceJob,
  moment: (typeof MOMENTS)[number],
): Promise<string> {
  const { jobId } = job;
  let stopListening = () => {};
  const reached = new Promise<void>((resolve) => {
    stopListening = engine.onProgress((jobs) => {
      if (jobs.some((progress) => progress.jobId === jobId && progress.state === moment)) resolve();
    });
  });
  const outcome = outcomeOf(engine.request('enhance', job));
  // States are conflated: a job may be over before its moment was ever reported.
  if (moment !== 'asked') await Promise.race([reached, outcome]);
  await engine.request('cancel', { jobIds: [jobId] });
  stopListening();
  return outcome;
}
