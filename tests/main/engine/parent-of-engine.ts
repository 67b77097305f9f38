import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { EngineClient } from '../../../src/main/engine/engine-client.ts';
import type { EngineConfig, EnhanceJob } from '../../../src/shared/engine-protocol.ts';

/**
 * A program with an engine at work. Reads what to do from its first argument, writes the process id of its
 * engine to standard output once tiles are computed, and waits to be killed.
 */
const { config, job } = JSON.parse(process.argv[2] ?? '') as { config: EngineConfig; job: EnhanceJob };
const engine = await EngineClient.start(childProcessHost(engineEntry()), config);
const { shallow: session, tile, scale, receptiveRadius } = job.plan;
await engine.request('loadSession', { session, tile, scale, receptiveRadius });
engine.onProgress((jobs) => {
  if (jobs.some(({ tilesDone }) => tilesDone > 0)) process.stdout.write(`${engine.pid}\n`);
});
await engine.request('enhance', job);
