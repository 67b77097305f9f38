import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobProgress } from '../src/shared/engine-protocol.ts';
import { plan } from './engine-run.ts';
import { type Benchmark, quantile } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';
import { openBenchWorkshop, queue, runner } from './workshop.ts';

const DEATHS = 10;
/** Enough for a result between any two deaths, and for tiles in work at each. */
const FILES = 60;
const [WIDTH, HEIGHT] = [900, 600];

/** From the death of an engine that infers to the first tile that the next one has computed. */
export const recoveryBenchmark: Benchmark = {
  name: 'recovery',
  async run() {
    await using folder = await temporaryFolder();
    const source = join(folder.path, 'in');
    await mkdir(source);
    await photographs(source, FILES, WIDTH, HEIGHT);
    await using workshop = await openBenchWorkshop(folder.path);
    const { engine } = workshop;
    const batchId = await queue(workshop, source, join(folder.path, 'out'), await plan('photo-x2'));
    const times: number[] = [];
    let death: { generation: number; at: number } | undefined;
    let results = 0;
    const onTile = () => {
      const { generation } = engine.state;
      if (death && generation > death.generation) {
        times.push(performance.now() - death.at);
        death = undefined;
      } else if (!death && results > 0) {
        // A restart waits where the engine before it has got nowhere: that is not what is measured.
        results = 0;
        death = { generation, at: performance.now() };
        process.kill(engine.pid, 'SIGKILL');
      }
    };
    const batch = runner(workshop, batchId, {
      onFile: ({ state }) => {
        if (state === 'done') results += 1;
      },
      onProgress: (jobs) => {
        if (times.length < DEATHS && jobs.some(isInferring)) onTile();
        if (times.length === DEATHS) batch.pause('measured');
      },
    });
    await batch.run();
    if (times.length < DEATHS) throw new Error(`Only ${times.length} deaths were seen.`);
    return [
      {
        measure: `death of the engine to the first tile of the next, ${DEATHS} times`,
        seen: `p50 ${seconds(quantile(times, 0.5))}, largest ${seconds(Math.max(...times))}`,
        bar: '< 2 s',
        met: Math.max(...times) < 2_000,
      },
    ];
  },
};

function isInferring({ tilesDone, tilesTotal }: JobProgress): boolean {
  return tilesDone > 0 && tilesDone < tilesTotal;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
