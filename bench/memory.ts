import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

const COMMAND = join(import.meta.dirname, '..', 'src', 'cli', 'index.ts');
const BUDGET = '1GB';
/** Bytes that the process tree may take in all under that budget. */
const MOST = 1.2e9;
const MOST_GROWTH = 1.3;

/** Peak memory of the whole process tree under one budget, for results of very different sizes. */
export const memoryBenchmark: Benchmark = {
  name: 'memory',
  async run() {
    await using folder = await temporaryFolder();
    const peak = async (width: number, height: number, format: string) => {
      const [source] = (await photographs(folder.path, 1, width, height)) as [string];
      const out = join(folder.path, `out-${width}-${format}`);
      return peakOf([
        'enhance',
        source,
        '--out',
        out,
        '--scale',
        '4',
        '--format',
        format,
        '--memory-budget',
        BUDGET,
      ]);
    };
    const jpeg = await peak(8660, 5773, 'jpeg');
    const tiff = await peak(8660, 5773, 'tiff');
    const small = await peak(1368, 913, 'jpeg');
    const large = await peak(4328, 2888, 'jpeg');
    const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(2)} GB`;
    return [
      {
        measure: `peak memory (PSS of all processes), 50 MP × 4 = 800 MP under --memory-budget ${BUDGET}`,
        seen: `${gigabytes(jpeg)} to JPEG, ${gigabytes(tiff)} to TIFF`,
        bar: '≤ 1.2 GB',
        met: Math.max(jpeg, tiff) <= MOST,
      },
      {
        measure: `peak memory, a result of 200 MP against one of 20 MP under --memory-budget ${BUDGET}`,
        seen: `${(large / small).toFixed(2)} × (${gigabytes(large)} against ${gigabytes(small)})`,
        bar: '≤ 1.3 ×',
        met: large / small <= MOST_GROWTH,
      },
    ];
  },
};

/** Milliseconds between two looks. */
const INTERVAL = 100;

/** The most bytes that a command and all that it started took together, shared pages divided among their users. */
async function peakOf(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(
      peak,
      treeOf(child.pid as number).reduce((sum, pid) => sum + memoryOf(pid), 0),
    );
  }, INTERVAL);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`enlarger ${args.join(' ')} ended with ${code}.`);
  return peak;
}

/** `root` and all processes below it. Linux only. */
function treeOf(root: number): number[] {
  const children = Map.groupBy(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
    parentOf,
  );
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

function parentOf(pid: number): number {
  return Number(read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ')[1] ?? 0);
}

/** Proportional set size in bytes: memory, and pages of files that are mapped. */
function memoryOf(pid: number): number {
  return 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Empty for a process that has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
