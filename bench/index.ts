import './no-telemetry.ts';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { cancelBenchmark } from './cancel.ts';
import { eventsBenchmark } from './events.ts';
import { firstResultBenchmark } from './first-result.ts';
import { assertIdle, type Benchmark, type Finding } from './harness.ts';
import { pipelineBenchmark } from './pipeline.ts';
import { poolBenchmark } from './pool.ts';
import { residentBenchmark } from './resident.ts';
import { tilesBenchmark } from './tiles.ts';
import { wholeJobBenchmark } from './whole-job.ts';

const ALL: Benchmark[] = [
  poolBenchmark,
  eventsBenchmark,
  tilesBenchmark,
  cancelBenchmark,
  firstResultBenchmark,
  residentBenchmark,
  wholeJobBenchmark,
  pipelineBenchmark,
];

const say = (text: string) => process.stdout.write(`${text}\n`);

/** `npm run bench` runs all and writes docs/performance.md; `npm run bench -- pool` runs one and only prints. */
const wanted = process.argv.slice(2);
const chosen = wanted.length > 0 ? ALL.filter(({ name }) => wanted.includes(name)) : ALL;
const findings: Finding[] = [];
for (const { name, run } of chosen) {
  await assertIdle();
  say(`${name} …`);
  for (const finding of await run()) {
    findings.push(finding);
    say(`  ${finding.measure}: ${finding.seen} (bar: ${finding.bar})`);
  }
}
if (wanted.length === 0)
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'performance.md'), page(findings));

function page(rows: readonly Finding[]): string {
  const mark = ({ met }: Finding) => (met === undefined ? '' : met ? 'met' : '**missed**');
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
    ...rows.map((row) => `| ${row.measure} | ${row.seen} | ${row.bar} | ${mark(row)} |`),
    '',
  ].join('\n');
}
