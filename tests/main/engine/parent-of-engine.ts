import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { EngineSupervisor } from '../../../src/main/engine/supervisor/engine-supervisor.ts';
import type { EngineConfig, EnhanceJob } from '../../../src/shared/engine-protocol.ts';

/**
 * A program with an engine. Reads what to do from its first argument; writes `asked` to standard output once
 * the engine is being started, and its process id once tiles of `job` are computed; waits to be killed.
 */
const { config, job } = JSON.parse(process.argv[2] ?? '') as { config: EngineConfig; job?: EnhanceJob };
const engine = new EngineSupervisor(childProcessHost(engineEntry()), config);
const started = engine.start();
process.stdout.write('asked\n');
await started;
if (job) {
  const { shallow: session, tile, scale, receptiveRadius } = job.plan;
  await engine.request('loadSession', { session, tile, scale, receptiveRadius });
  engine.onProgress((jobs) => {
    if (jobs.some(({ tilesDone }) => tilesDone > 0)) process.stdout.write(`${engine.pid}\n`);
  });
  await engine.enhance(job);
}
