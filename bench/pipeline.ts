import { enhanceAll, plan, startEngine } from './engine-run.ts';
import { type Benchmark, cores, cpuSecondsOf, median, ratios, spread, timed } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

const PHOTOS = 6;

/** 24-megapixel JPEGs enlarged twice: all stages at once against one after the other, and the cores' bound. */
export const pipelineBenchmark: Benchmark = {
  name: 'pipeline',
  async run() {
    await using folder = await temporaryFolder();
    const of = await plan('photo-x2');
    const sources = await photographs(folder.path, PHOTOS, 6000, 4000);
    const side = async (sequential: boolean) => {
      await using engine = await startEngine(folder.path, of, { sequential });
      const before = cpuSecondsOf(engine.pid);
      const wall = (await timed(() => enhanceAll(engine.client, sources, of))) / 1000;
      return { wall, bound: (cpuSecondsOf(engine.pid) - before) / cores };
    };
    const pipelined = [];
    const sequential = [];
    for (let round = 0; round < 2; round++) {
      pipelined.push(await side(false));
      sequential.push(await side(true));
    }
    const walls = pipelined.map(({ wall }) => wall);
    const toBound = ratios(
      walls,
      pipelined.map(({ bound }) => bound),
    );
    const gain = ratios(
      sequential.map(({ wall }) => wall),
      walls,
    );
    return [
      {
        measure: `pipeline against its bound (CPU seconds / cores), ${PHOTOS} × 24 MP, photo-x2 int8`,
        seen: `${spread(toBound)} × (bound ${median(pipelined.map(({ bound }) => bound)).toFixed(1)} s)`,
        bar: '≤ 1.15 ×',
        met: median(toBound) <= 1.15,
      },
      {
        measure: 'the same batch, pipeline against sequential',
        seen: `${spread(gain)} × faster`,
        bar: '≥ 1.3 ×',
        met: median(gain) >= 1.3,
      },
    ];
  },
};
