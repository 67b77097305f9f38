import { onTestFinished } from 'vitest';
import type { Recipe } from '../../src/main/batch/prepare-batch.ts';
import { childProcessHost, engineEntry } from '../../src/main/engine/child-process-host.ts';
import { EngineClient } from '../../src/main/engine/engine-client.ts';
import { modelsFolder } from '../../src/main/installation.ts';
import { ModelRegistry } from '../../src/main/models/model-registry.ts';
import { resolvePlan } from '../../src/main/models/resolve-plan.ts';
import type { EngineConfig } from '../../src/shared/engine-protocol.ts';
import type { Plan } from '../../src/shared/plan.ts';
import { temporaryFolder } from '../support/pictures.ts';

/** An engine in a process of its own, as the application runs it; it ends with the test. */
export async function startEngine(): Promise<EngineClient> {
  const host = childProcessHost(engineEntry(), { quiet: true });
  const engine = await EngineClient.start(host, config(await temporaryFolder()));
  onTestFinished(() => engine.stop());
  return engine;
}

export const config = (scratch: string): EngineConfig => ({
  workers: 1,
  queueDepth: 1,
  sequential: false,
  memoryBudget: 1e9,
  scratch,
});

/** Small tiles: their sessions warm up soon, and small pictures have several. */
async function smallTiles(): Promise<Plan> {
  const model = (await ModelRegistry.read(modelsFolder())).get('photo-x2');
  return resolvePlan(model, { variant: 'fp32', threads: 1, tile: 32 });
}

export async function recipeFor(out: string, change: Partial<Recipe> = {}): Promise<Recipe> {
  return {
    out,
    plan: await smallTiles(),
    format: 'keep',
    template: '{name}-x{scale}.{ext}',
    onCollision: 'skip',
    ...change,
  };
}
