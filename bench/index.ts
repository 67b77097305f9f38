import './no-telemetry.ts';
import { applicationBenchmark } from './application.ts';
import { cancelBenchmark } from './cancel.ts';
import { eventLoopBenchmark } from './event-loop.ts';
import { eventsBenchmark } from './events.ts';
import { firstResultBenchmark } from './first-result.ts';
import { assertIdle, type Benchmark } from './harness.ts';
import { int8Benchmark } from './int8.ts';
import { journalBenchmark } from './journal.ts';
import { memoryBenchmark } from './memory.ts';
import { record } from './page.ts';
import { pipelineBenchmark } from './pipeline.ts';
import { poolBenchmark } from './pool.ts';
import { quantizeBenchmark } from './quantize.ts';
import { recoveryBenchmark } from './recovery.ts';
import { residentBenchmark } from './resident.ts';
import { resumeBenchmark } from './resume.ts';
import { tilesBenchmark } from './tiles.ts';
import { wholeJobBenchmark, wholeJobX4Benchmark } from './whole-job.ts';

const ALL: Benchmark[] = [
  poolBenchmark,
  journalBenchmark,
  eventsBenchmark,
  tilesBenchmark,
  cancelBenchmark,
  firstResultBenchmark,
  residentBenchmark,
  int8Benchmark,
  quantizeBenchmark,
  wholeJobBenchmark,
  wholeJobX4Benchmark,
  pipelineBenchmark,
  memoryBenchmark,
  eventLoopBenchmark,
  recoveryBenchmark,
  resumeBenchmark,
  applicationBenchmark,
];

const say = (text: string) => process.stdout.write(`${text}\n`);

/** `npm run bench` runs all, `npm run bench -- pool` one; what was measured replaces its row in the page. */
const wanted = process.argv.slice(2);
for (const { name, run } of ALL) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await assertIdle();
  say(`${name} …`);
  const findings = await run();
  for (const { measure, seen, bar } of findings) say(`  ${measure}: ${seen} (bar: ${bar})`);
  record(findings);
}
