import { join } from 'node:path';
import { childProcessHost, engineEntry } from '../src/main/engine/child-process-host.ts';
import { EngineClient } from '../src/main/engine/engine-client.ts';
import { modelsFolder } from '../src/main/installation.ts';
import { ModelRegistry, type RegisteredModel } from '../src/main/models/model-registry.ts';
import { resolvePlan } from '../src/main/models/resolve-plan.ts';
import type { EngineConfig, EnhanceResult } from '../src/shared/engine-protocol.ts';
import type { OutputFormat } from '../src/shared/formats.ts';
import type { VariantId } from '../src/shared/models.ts';
import type { Plan } from '../src/shared/plan.ts';
import { cores } from './harness.ts';

async function model(id: string): Promise<RegisteredModel> {
  return (await ModelRegistry.read(modelsFolder())).get(id);
}

export async function plan(id: string, variant: VariantId = 'int8'): Promise<Plan> {
  return resolvePlan(await model(id), { variant, threads: 1 });
}

export interface RunningEngine extends AsyncDisposable {
  client: EngineClient;
  pid: number;
}

/** An engine in its own process, as the product runs it, with the plan's session resident. */
export async function startEngine(
  scratch: string,
  resident: Plan,
  options: Partial<EngineConfig> = {},
): Promise<RunningEngine> {
  const client = await EngineClient.start(childProcessHost(engineEntry()), {
    workers: cores,
    queueDepth: 1,
    sequential: false,
    memoryBudget: 8e9,
    scratch: join(scratch, 'scratch'),
    ...options,
  });
  const { tile, scale, receptiveRadius, shallow: session } = resident;
  await client.request('loadSession', { session, tile, scale, receptiveRadius });
  return { client, pid: client.pid, [Symbol.asyncDispose]: () => client.stop() };
}

let nextJob = 0;

/** Enlarges one file; the result stands beside it. */
export function enhanceFile(
  client: EngineClient,
  source: string,
  of: Plan,
  format: OutputFormat = 'jpeg',
): Promise<EnhanceResult> {
  const jobId = nextJob++;
  return client.enhance({
    jobId,
    source,
    plan: of,
    output: { temporary: `${source}.${jobId}.out`, format },
    lane: 'batch',
  });
}

/** As many files as main hands over at once. */
const IN_FLIGHT = 6;

/** Enlarges all `sources`, `IN_FLIGHT` at a time. */
export async function enhanceAll(
  client: EngineClient,
  sources: readonly string[],
  of: Plan,
  { format, onResult }: { format?: OutputFormat; onResult?: (result: EnhanceResult) => void } = {},
): Promise<void> {
  const remaining = sources.values();
  const workOn = async () => {
    for (const source of remaining) onResult?.(await enhanceFile(client, source, of, format));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, workOn));
}
