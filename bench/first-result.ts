import { enhanceFile, plan, startEngine } from './engine-run.ts';
import { alternating, type Benchmark, median, ratios, spread, timed } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

/** The first result of ten against the same photograph alone: what the others cost the one waited for. */
export const firstResultBenchmark: Benchmark = {
  name: 'first-result',
  async run() {
    await using folder = await temporaryFolder();
    const of = await plan('photo-x2');
    await using engine = await startEngine(folder.path, of);
    const { client } = engine;
    const sources = await photographs(folder.path, 10, 3000, 2000);
    const alone = () => timed(() => enhanceFile(client, sources[0] as string, of));
    const firstOfTen = async () => {
      const jobs: Promise<unknown>[] = [];
      let outcomes: Promise<unknown> | undefined;
      const time = await timed(() => {
        jobs.push(...sources.slice(0, 6).map((source) => enhanceFile(client, source, of)));
        outcomes = Promise.allSettled(jobs);
        return jobs[0];
      });
      // The others have been in its way; how they end is not the question.
      await client.cancel().whenCleaned();
      await outcomes;
      return time;
    };
    await alone();
    const { a, b } = await alternating(5, firstOfTen, alone);
    const cost = ratios(a, b);
    return [
      {
        measure: 'first result of a batch of 10 (6 megapixels, ×2) against that photo alone',
        seen: `${spread(cost)} ×`,
        bar: '≤ 1.15 ×',
        met: median(cost) <= 1.15,
      },
    ];
  },
};
