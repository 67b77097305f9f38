import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inputFor } from '../../src/shared/network-geometry.ts';
import type { Plan } from '../../src/shared/plan.ts';
import { jobFor, loadSessions, startEngine } from '../support/engine.ts';
import { planFor } from '../support/models.ts';
import { type PictureOptions, temporaryFolder, writePicture } from '../support/pictures.ts';

/** Bytes: room for a few bands of the tall picture, and not for all of it. */
const SMALL = 400_000;
const LARGE = 1e8;

const plan = planFor({ tile: 32 });
const { tile, scale, receptiveRadius: radius } = plan;
const ofOneShape: Plan = { ...plan, input: inputFor(tile, { scale, radius }) };
// Two sessions of one file, as for two cards: processors know no numbers.
const cards = { ...plan.deep, devices: [0, 1] };
const onTwoCards: Plan = { ...ofOneShape, shallow: cards, deep: cards };
const onOne: Plan = { ...plan, shallow: plan.deep };

async function hashOf(made: Plan, options: PictureOptions, memoryBudget: number, workers = 2) {
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder, { memoryBudget, workers });
  await loadSessions(engine, made);
  const source = await writePicture(join(folder, 'photo.png'), options);
  const { sha256 } = await engine.enhance({ ...jobFor(source), plan: made });
  return sha256;
}

it.each<[string, PictureOptions]>([
  ['smaller than a tile', { width: 9, height: 5 }],
  ['of uneven tiles', { width: 75, height: 50 }],
])('inputs of one shape give the same bytes: %s', async (_, options) => {
  expect(await hashOf(ofOneShape, options, LARGE)).toBe(await hashOf(plan, options, LARGE));
});

it('and so they do in bands', async () => {
  const tall = { width: 60, height: 400 };
  const whole = await hashOf(plan, tall, LARGE);
  expect(await hashOf(ofOneShape, tall, SMALL)).toBe(whole);
  expect(await hashOf(ofOneShape, tall, LARGE)).toBe(whole);
});

it.each([1, 2, 3])('so do two devices, with %i workers', async (workers) => {
  const options = { width: 75, height: 50 };
  expect(await hashOf(onTwoCards, options, LARGE, workers)).toBe(await hashOf(onOne, options, LARGE));
});
