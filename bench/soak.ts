import './no-telemetry.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endOf, startMain } from '../chaos/main-process.ts';
import { childrenOf } from '../chaos/processes.ts';
import { smallPictures } from '../chaos/small-pictures.ts';
import { makeWorkplace } from '../chaos/workplace.ts';
import { assertIdle, type Finding } from './harness.ts';
import { record } from './page.ts';
import { temporaryFolder } from './photographs.ts';
import { type Slope, slopeOf } from './slope.ts';

/**
 * `npm run soak`: one long batch of small files, and whether main or its engine grows over it. `npm run soak -- --files 200`
 * is for trying this program: only the whole of it goes into docs/performance.md. Linux only.
 */
const FILES = 2_000;
const SAMPLES = 100;
/** The largest growth of memory, main and engine together, in bytes for 100 files. */
const MOST_GROWTH = 1e6;
/** Growth of handles or threads, in 100 files, that is too little to be one forgotten now and then. */
const FLAT = 0.1;

/** What one process has at one time. */
interface Sample {
  /** Files done so far. */
  files: number;
  process: 'main' | 'engine';
  /** Bytes, shared pages divided among their users. */
  memory: number;
  handles: number;
  threads: number;
}

type Measured = 'memory' | 'handles' | 'threads';

const say = (text: string) => process.stdout.write(`${text}\n`);

const { values } = parseArgs({ options: { files: { type: 'string', default: String(FILES) } } });
const files = Number(values.files);
const isWhole = files >= FILES;
if (isWhole) await assertIdle();
const findings = await soak();
for (const { measure, seen, bar, met } of findings) {
  say(`${measure}: ${seen} (bar: ${bar})${met === false ? ' MISSED' : ''}`);
}
if (isWhole) record(findings);
if (findings.some(({ met }) => met === false)) process.exitCode = 1;

async function soak(): Promise<Finding[]> {
  await using folder = await temporaryFolder();
  const place = await makeWorkplace(folder.path);
  const source = join(folder.path, 'in');
  await smallPictures(source, files, { seed: 1, smallest: 160, largest: 320 });
  const begun = performance.now();
  const main = startMain(['enhance', source, '--out', place.out, '--variant', 'int8'], place);
  const step = Math.max(1, Math.floor(files / SAMPLES));
  const samples: Sample[] = [];
  let done = 0;
  const { exit, gone } = await endOf(main, ({ state }) => {
    if (state !== 'done') return;
    done += 1;
    // Of the last files the engine holds fewer and fewer, and then it ends.
    if (done % step !== 0 || done > files - step) return;
    if (main.pid) samples.push(...look(main.pid, done));
    if (done % (10 * step) === 0) say(`${done} files, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  });
  if (exit !== 0) throw new Error(`The batch ended with ${exit}: ${await gone}`);
  const second = samples.filter((sample) => sample.files >= files / 2);
  return [memoryFinding(second), countFinding('handles', second), countFinding('threads', second)];
}

function look(main: number, done: number): Sample[] {
  const [engine] = childrenOf(main);
  if (engine === undefined) throw new Error('The engine is gone.');
  return [sampleOf(main, 'main', done), sampleOf(engine, 'engine', done)];
}

function sampleOf(pid: number, name: Sample['process'], done: number): Sample {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return {
    files: done,
    process: name,
    memory: 1024 * Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1]),
    handles: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
  };
}

function memoryFinding(samples: readonly Sample[]): Finding {
  const total = slope(samples, 'memory');
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2);
  const parts = (['main', 'engine'] as const).map((name) => {
    const own = of(samples, name);
    const last = own.at(-1)?.memory ?? 0;
    return `${name} ${megabytes(slope(own, 'memory').value)}, at last ${(last / 1e6).toFixed(0)} MB`;
  });
  return {
    measure: `soak of ${files} files: growth of memory (PSS) in 100 files, second half`,
    seen: `${megabytes(total.value)} MB, at most ${megabytes(total.high)} MB at 95 % (${parts.join('; ')})`,
    bar: '≤ 1 MB',
    met: total.high <= MOST_GROWTH,
  };
}

function countFinding(measured: 'handles' | 'threads', samples: readonly Sample[]): Finding {
  const parts = (['main', 'engine'] as const).map((name) => {
    const own = of(samples, name);
    const counts = own.map((sample) => sample[measured]);
    const { value, low, high } = slope(own, measured);
    return {
      isFlat: low <= 0 || value <= FLAT,
      seen: `${name} ${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}), ${Math.min(...counts)}–${Math.max(...counts)} in all`,
    };
  });
  return {
    measure: `soak of ${files} files: growth of ${measured} in 100 files, second half`,
    seen: parts.map(({ seen }) => seen).join('; '),
    bar: 'flat: 0 within 95 %',
    met: parts.every(({ isFlat }) => isFlat),
  };
}

/** In 100 files; of both processes together where both are given. */
function slope(samples: readonly Sample[], measured: Measured): Slope {
  const together = Map.groupBy(samples, (sample) => sample.files);
  const points = [...together].map(([done, these]) => ({
    x: done / 100,
    y: these.reduce((sum, sample) => sum + sample[measured], 0),
  }));
  return slopeOf(points);
}

function of(samples: readonly Sample[], name: Sample['process']): Sample[] {
  return samples.filter((sample) => sample.process === name);
}
