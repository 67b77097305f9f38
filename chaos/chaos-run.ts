import { join } from 'node:path';
import type { ChaosReport } from './chaos-report.ts';
import { DisturbedRun } from './disturbed-run.ts';
import type { Kill } from './fault-injector.ts';
import { endOf, startMain } from './main-process.ts';
import { ResultHashes } from './results.ts';
import { SeededRandom } from './seeded-random.ts';
import { smallPictures } from './small-pictures.ts';
import { makeWorkplace, type Workplace } from './workplace.ts';

export interface ChaosOptions {
  /** An empty folder, which whoever calls removes. */
  root: string;
  files: number;
  kills: number;
  seed: number;
  /** Told of every kill. */
  onKill?: ((kills: readonly Kill[], done: number) => void) | undefined;
}

/** Tiles so small that every picture has several; a variant that needs no measuring. */
const RECIPE = ['--variant', 'fp32', '--tile', '64'];
/**
 * Enlarges small pictures twice: undisturbed, and killing main or its engine time and again, going on with `resume` after
 * each death of main. Resolves to how the two compare. Throws if the undisturbed run fails.
 */
export async function chaosRun({ root, files, kills, seed, onKill }: ChaosOptions): Promise<ChaosReport> {
  const source = join(root, 'in');
  await smallPictures(source, files, { seed, smallest: 64, largest: 200 });
  const calm = await makeWorkplace(join(root, 'calm'));
  await undisturbed(enhance(source, calm), calm);
  const expected = await new ResultHashes(calm.out).read();
  if (expected.size !== files)
    throw new Error(`The undisturbed run made ${expected.size} of ${files} results.`);
  const disturbed = await makeWorkplace(join(root, 'chaos'));
  const run = new DisturbedRun(disturbed, source, enhance(source, disturbed), expected);
  return run.report(await run.run(new SeededRandom(seed), kills, onKill));
}

const enhance = (source: string, { out }: Workplace) => ['enhance', source, '--out', out, ...RECIPE];

async function undisturbed(args: readonly string[], workplace: Workplace): Promise<void> {
  const { exit, gone } = await endOf(startMain(args, workplace));
  const said = await gone;
  if (exit !== 0) throw new Error(`enlarger ${args.join(' ')} ended with ${exit}: ${said}`);
}
