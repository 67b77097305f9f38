import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareBatch, type Recipe } from '../../../src/main/batch/prepare-batch.ts';
import { type FileEvent, type RunOptions, runBatch } from '../../../src/main/batch/run-batch.ts';
import type { EngineClient } from '../../../src/main/engine/engine-client.ts';
import { SessionResidency } from '../../../src/main/models/session-residency.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { recipeFor, startEngine } from '../real-engine.ts';

interface Asked {
  recipe?: Partial<Recipe>;
  options?: Partial<RunOptions>;
  /** Called between the planning of the batch and its run. */
  prepared?: () => Promise<unknown>;
  engine?: EngineClient;
}

/** Enlarges `in` into `out`, both in `root`; resolves to each file's events, by its name. */
export async function run(
  root: string,
  { recipe, options, prepared, engine }: Asked = {},
): Promise<FileEvent[]> {
  const running = engine ?? (await startEngine());
  const whole = await recipeFor(join(root, 'out'), recipe);
  const batch = await prepareBatch([join(root, 'in')], true, whole, running);
  await prepared?.();
  const events: FileEvent[] = [];
  const residency = new SessionResidency(running, { budgetBytes: 1e9, idleMs: 60_000 });
  await runBatch(running, residency, batch, {
    inFlight: 2,
    signal: new AbortController().signal,
    onProgress: () => {},
    ...options,
    onFile: (event) => {
      events.push(event);
      options?.onFile?.(event);
    },
  });
  residency.close();
  return events;
}

/** How each file ended, in the order of their names. */
export function endings(events: readonly FileEvent[]): [string, FileEvent['state']][] {
  const ended = events.filter(({ state }) => state !== 'started');
  const named = ended.map(({ file, state }): [string, FileEvent['state']] => [
    file.source.path.replace(/.*[/\\]/, ''),
    state,
  ]);
  return named.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A folder with these pictures in its `in`, and an empty `out`. */
export async function pictures(...names: string[]): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'in', 'sub'), { recursive: true });
  await mkdir(join(root, 'out'));
  for (const name of names) await writePicture(join(root, 'in', name));
  return root;
}

/** Everything in a folder, by paths below it. */
export const filesIn = async (folder: string) => (await readdir(folder, { recursive: true })).sort();
