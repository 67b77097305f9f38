import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type ChaosReport, countFaults } from './chaos-report.ts';
import { chaosRun } from './chaos-run.ts';

/** `npm run test:chaos`, with `-- --files 30 --kills 8 --seed 1` a short one. Ends with 1 if anything is amiss. */

const say = (text: string) => process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '500' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const [files, kills, seed] = [Number(values.files), Number(values.kills), Number(values.seed)];
const root = await mkdtemp(join(tmpdir(), 'enlarger-chaos-'));
const begun = performance.now();
try {
  say(`${files} files, ${kills} kills, seed ${seed}`);
  const report = await chaosRun({
    ...{ root, files, kills, seed },
    onKill: (all, done) => say(`  ${all.length} killed, ${done} files done`),
  });
  for (const line of summary(report)) say(line);
  say(`seed ${seed}, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  if (report.kills.length < kills || countFaults(report) > 0) process.exitCode = 1;
} finally {
  await rm(root, { recursive: true, force: true });
}

function summary({ kills, starts, equal, orphans, ...found }: ChaosReport): string[] {
  const occasions = Map.groupBy(kills, ({ hit, occasion }) => `${hit} at ${occasion}`);
  const counts = [...occasions].map(([where, these]) => `${these.length} ${where}`).sort();
  const list = (what: string, names: readonly string[]) =>
    `${names.length} ${what}${names.map((name) => `\n  ${name}`).join('')}`;
  return [
    `${kills.length} kills, ${starts} starts: ${counts.join(', ')}`,
    `${equal} results equal to those of the undisturbed run`,
    list('lost', found.lost),
    list('repeated', found.repeated),
    list('partial', found.partial),
    list('temporary files or scratch left', found.leftovers),
    `${orphans} orphans`,
    list('faults of the journal', found.journal),
    list('failures of main', found.failures),
  ];
}
