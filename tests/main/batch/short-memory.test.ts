import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Plan, SessionSpec } from '../../../src/shared/plan.ts';
import { greedyNetwork } from '../../engine/inference/greedy-network.ts';
import { openWorkshop, pictures, queue, work } from './batch-run.ts';

it('what a device had memory for is told to whom remembers it, once a picture is done', async () => {
  const workshop = await openWorkshop();
  const root = await pictures('a.png');
  const bytes = greedyNetwork();
  const file = join(root, 'greedy.onnx');
  await writeFile(file, bytes);
  const spec: SessionSpec = {
    ...{ modelId: 'greedy', variant: 'fp32', dtype: 'float32', file, provider: 'cpu', threads: 1 },
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  const size = { width: 96, height: 64 };
  const plan: Plan = {
    ...{ modelId: 'greedy', scale: 1, receptiveRadius: 0, shallow: spec, deep: spec },
    ...{ tile: size, input: size },
  };
  const told: [SessionSpec, number][] = [];
  const devices = {
    keepTile: async (...[short, pixels]: [SessionSpec, number, ...unknown[]]) => {
      told.push([short, pixels]);
      throw new Error('It cannot be kept.');
    },
  };
  const batchId = await queue(root, workshop, { plan });
  const { state } = await work({ ...workshop, devices }, batchId);
  expect([state, told]).toEqual(['done', [[spec, 48 * 32]]]);
});
