import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { alternating, type Benchmark, median, ratios, spread, timed } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

const run = promisify(execFile);
const cli = join(import.meta.dirname, '..', 'out', 'main', 'cli.js');

const SIZES = [
  { name: '256²', width: 256, height: 256, rounds: 5, bar: 3 },
  { name: '2 MP', width: 1732, height: 1155, rounds: 3, bar: undefined },
  { name: '12 MP', width: 4243, height: 2828, rounds: 1, bar: undefined },
];

/** Ten pictures through one process against a process for each, as some peers work. */
export const residentBenchmark: Benchmark = {
  name: 'resident',
  async run() {
    const findings = [];
    for (const { name, width, height, rounds, bar } of SIZES) {
      await using folder = await temporaryFolder();
      const sources = await photographs(folder.path, 10, width, height);
      const out = join(folder.path, 'out');
      const enlarge = async (inputs: string[]) => {
        await run(process.execPath, [cli, 'enhance', ...inputs, '--out', out, '--variant', 'int8']);
      };
      const each = () =>
        timed(async () => {
          for (const source of sources) await enlarge([source]);
        });
      const together = () => timed(() => enlarge(sources));
      const clean = (side: () => Promise<number>) => async () => {
        await rm(out, { recursive: true, force: true });
        return side();
      };
      const { a, b } = await alternating(rounds, clean(each), clean(together));
      const gain = ratios(a, b);
      findings.push({
        measure: `resident sessions against a process per photo, 10 of ${name}`,
        seen: `${spread(gain)} × faster`,
        bar: bar ? `≥ ${bar} ×` : 'reported',
        met: bar ? median(gain) >= bar : undefined,
      });
    }
    return findings;
  },
};
