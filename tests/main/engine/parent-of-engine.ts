import { childProcessHost, engineEntry } from '../../../src/main/engine/child-process-host.ts';
import { EngineSupervisor } from '../../../src/main/engine/supervisor/engine-supervisor.ts';
import type { EngineConfig, EnhanceJob } from '../../../src/shared/engine-protocol.ts';

/** What the program is to do, as JSON in its first argument. */
interface Task {
  config: EngineConfig;
  /** A job for its engine. */
  job?: EnhanceJob;
  /** An engine whose coordinator runs in circles, and says so on standard error. */
  looping?: boolean;
}

/**
 * A program with an engine. Writes `asked` to standard output once the engine is being started, and its process
 * id once tiles of `job` are computed; waits to be killed.
 */
const { config, job, looping } = JSON.parse(process.argv[2] ?? '') as Task;
const entry = looping ? new URL('./looping-engine.ts', import.meta.url) : engineEntry();
const engine = new EngineSupervisor(childProcessHost(entry), config);
const started = engine.start();
process.stdout.write('asked\n');
await started;
if (looping) await engine.request('report', {});
if (job) {
  const { shallow: session, tile, scale, receptiveRadius } = job.plan;
  await engine.request('loadSession', { session, tile, scale, receptiveRadius });
  engine.onProgress((jobs) => {
    if (jobs.some(({ tilesDone }) => tilesDone > 0)) process.stdout.write(`${engine.pid}\n`);
  });
  await engine.enhance(job);
}
