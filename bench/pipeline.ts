import type { OutputFormat } from '../src/shared/formats.ts';
import { enhanceAll, plan, startEngine } from './engine-run.ts';
import {
  type Benchmark,
  cores,
  cpuSecondsOf,
  type Finding,
  median,
  ratios,
  spread,
  timed,
} from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

interface Batch {
  name: string;
  photos: number;
  width: number;
  height: number;
  format: OutputFormat;
}

/** Here the network outweighs the codecs by far: what can be overlapped is little. */
const NETWORK_BOUND: Batch = {
  name: '6 × 24 MP to JPEG',
  photos: 6,
  width: 6000,
  height: 4000,
  format: 'jpeg',
};
/** Here decoding and encoding take the processor for about as long as the network does. */
const BALANCED: Batch = { name: '8 × 6 MP to WebP', photos: 8, width: 3000, height: 2000, format: 'webp' };

/** photo-x2 int8, all stages at once against one after the other, and the cores' bound. */
export const pipelineBenchmark: Benchmark = {
  name: 'pipeline',
  run: async () => [...(await compare(NETWORK_BOUND)), ...(await compare(BALANCED))],
};

interface Side {
  wall: number;
  /** CPU seconds shared out over the cores: no order of work can be faster. */
  bound: number;
  /** CPU seconds of the codecs for each of the network's, as the stages' own clocks saw them. */
  codecShare: number;
}

async function compare(batch: Batch): Promise<Finding[]> {
  await using folder = await temporaryFolder();
  const sources = await photographs(folder.path, batch.photos, batch.width, batch.height);
  const pipelined: Side[] = [];
  const sequential: Side[] = [];
  for (let round = 0; round < 2; round++) {
    pipelined.push(await run(folder.path, sources, batch.format, false));
    sequential.push(await run(folder.path, sources, batch.format, true));
  }
  const walls = (sides: Side[]) => sides.map(({ wall }) => wall);
  const bounds = pipelined.map(({ bound }) => bound);
  const toBound = ratios(walls(pipelined), bounds);
  const gain = ratios(walls(sequential), walls(pipelined));
  const possible = ratios(walls(sequential), bounds);
  const share = median(sequential.map(({ codecShare }) => codecShare)).toFixed(2);
  return [
    {
      measure: `pipeline against its bound (CPU seconds / cores), ${batch.name}`,
      seen: `${spread(toBound)} × (bound ${median(bounds).toFixed(1)} s; codecs take ${share} × the network)`,
      bar: '≤ 1.15 ×',
      met: median(toBound) <= 1.15,
    },
    {
      measure: `pipeline against sequential, ${batch.name}`,
      seen: `${spread(gain)} × faster (possible: ${median(possible).toFixed(2)})`,
      bar: '≥ 1.3 ×',
      met: median(gain) >= 1.3,
    },
  ];
}

async function run(
  folder: string,
  sources: string[],
  format: OutputFormat,
  sequential: boolean,
): Promise<Side> {
  const of = await plan('photo-x2');
  await using engine = await startEngine(folder, of, { sequential });
  const before = cpuSecondsOf(engine.pid);
  const times = { codecs: 0, network: 0 };
  const wall = await timed(() =>
    enhanceAll(engine.client, sources, of, {
      format,
      onResult: ({ milliseconds: { decode, enhance, encode, verify } }) => {
        times.codecs += decode + encode + verify;
        // Tiles are computed on all cores; a codec has one.
        times.network += enhance * cores;
      },
    }),
  );
  const cpuSeconds = cpuSecondsOf(engine.pid) - before;
  return { wall: wall / 1000, bound: cpuSeconds / cores, codecShare: times.codecs / times.network };
}
