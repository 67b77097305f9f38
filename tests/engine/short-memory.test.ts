import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Plan, SessionSpec } from '../../src/shared/plan.ts';
import { jobFor, loadSessions, startEngine } from '../support/engine.ts';
import { temporaryFolder, writePicture } from '../support/pictures.ts';
import { greedyNetwork } from './inference/greedy-network.ts';

/** A network that hands pictures on, and has no memory for large tiles. */
async function greedyPlan(folder: string, side: number): Promise<Plan> {
  const bytes = greedyNetwork();
  const file = join(folder, 'greedy.onnx');
  await writeFile(file, bytes);
  const spec: SessionSpec = {
    modelId: 'greedy',
    variant: 'fp32',
    dtype: 'float32',
    file,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    provider: 'cpu',
    threads: 1,
  };
  const tile = { width: side, height: side };
  return { modelId: 'greedy', scale: 1, receptiveRadius: 0, tile, shallow: spec, deep: spec };
}

const NOTE = 'Memory was too short for tiles of the usual size (greedy, cpu): smaller ones were computed.';

it('tiles that memory is too short for are computed in parts, which the result says', async () => {
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder);
  const source = join(folder, 'photo.png');
  await writePicture(source, { width: 150, height: 90, seed: 4 });
  const small = await greedyPlan(folder, 32);
  await loadSessions(engine, small);
  const expected = await engine.enhance({ ...jobFor(source), plan: small });
  expect([expected.notes, expected.tilePixels]).toEqual([[], undefined]);
  // In tiles of 75×90, which are halved twice.
  const large = await greedyPlan(folder, 128);
  const result = await engine.enhance({ ...jobFor(source), plan: large });
  expect([result.notes, result.tilePixels]).toEqual([[NOTE], 38 * 45]);
  expect(result.sha256).toBe(expected.sha256);
});

it('and so are tiles that are blended, by the worker that has them', async () => {
  const folder = await temporaryFolder();
  const { engine } = await startEngine(folder);
  const source = join(folder, 'photo.png');
  await writePicture(source, { width: 150, height: 90, seed: 4 });
  const small = await greedyPlan(folder, 32);
  await loadSessions(engine, small);
  const expected = await engine.enhance({ ...jobFor(source), plan: small });
  // Tiles of 75×90 are halved three times: each part is given 4 pixels more on each side.
  const large = { ...(await greedyPlan(folder, 128)), blend: 4 };
  const result = await engine.enhance({ ...jobFor(source), plan: large });
  expect([result.notes, result.tilePixels]).toEqual([[NOTE], 37 * 23]);
  expect(result.sha256).toBe(expected.sha256);
});
