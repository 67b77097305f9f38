import './no-telemetry.ts';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { cancelBenchmark } from './cancel.ts';
import { eventsBenchmark } from './events.ts';
import { firstResultBenchmark } from './first-result.ts';
import { assertIdle, type Benchmark, type Finding } from './harness.ts';
import { journalBenchmark } from './journal.ts';
import { memoryBenchmark } from './memory.ts';
import { pipelineBenchmark } from './pipeline.ts';
import { poolBenchmark } from './pool.ts';
import { residentBenchmark } from './resident.ts';
import { tilesBenchmark } from './tiles.ts';
import { wholeJobBenchmark } from './whole-job.ts';

const ALL: Benchmark[] = [
  poolBenchmark,
  journalBenchmark,
  eventsBenchmark,
  tilesBenchmark,
  cancelBenchmark,
  firstResultBenchmark,
  residentBenchmark,
  wholeJobBenchmark,
  pipelineBenchmark,
  memoryBenchmark,
];

const say = (text: string) => process.stdout.write(`${text}\n`);

/** `npm run bench` runs all, `npm run bench -- pool` one; what was measured replaces its row in the page. */
const PAGE = join(import.meta.dirname, '..', 'docs', 'performance.md');
const wanted = process.argv.slice(2);
const rows = new Map(existsSync(PAGE) ? rowsOf(readFileSync(PAGE, 'utf8')) : []);
for (const { name, run } of ALL) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await assertIdle();
  say(`${name} …`);
  for (const finding of await run()) {
    rows.set(finding.measure, row(finding));
    say(`  ${finding.measure}: ${finding.seen} (bar: ${finding.bar})`);
  }
  writeFileSync(PAGE, page([...rows.values()]));
}

function rowsOf(text: string): [measure: string, row: string][] {
  const lines = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| Measure'));
  return lines
    .filter((line) => !line.startsWith('| ---'))
    .map((line) => [line.split(' | ')[0]?.slice(2) ?? '', line]);
}

function row({ measure, seen, bar, met }: Finding): string {
  const mark = met === undefined ? '' : met ? 'met' : '**missed**';
  return `| ${measure} | ${seen} | ${bar} | ${mark} |`;
}

function page(lines: readonly string[]): string {
  return [
    '# Performance',
    '',
    'Written by `npm run bench`. Each figure is a ratio of two sides measured in turn in one run, on an otherwise',
    'idle machine: median (smallest–largest).',
    '',
    `Machine: ${cpus()[0]?.model}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB; Node ${process.version}.`,
    '',
    '| Measure | Seen | Bar | |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
