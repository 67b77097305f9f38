import { mkdir, stat, unlink, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Probe } from '../../shared/engine-protocol.ts';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { chooseFormat, extensionFor, type OutputFormat } from '../../shared/formats.ts';
import type { Plan } from '../../shared/plan.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import { deathOf, isOwnDeath } from '../engine/supervisor/engine-death.ts';
import { collectSources, type IntakeInput, type Source } from '../intake/collect-sources.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { planKeyOf } from '../jobs/plan-key.ts';
import { planTargets } from '../naming/plan-targets.ts';
import type { CollisionPolicy } from './commit-result.ts';

/** What one batch shall do: the same for its first file as for its last. */
export interface Recipe {
  /** Absolute path. */
  out: string;
  plan: Plan;
  format: OutputFormat | 'keep';
  /** 1..100, for lossy formats. */
  quality?: number | undefined;
  /** Leaves out where the pictures were taken. */
  removeGps?: boolean | undefined;
  template: string;
  onCollision: CollisionPolicy;
}

export interface BatchFile {
  source: Source;
  probe: Probe;
  target: string;
  format: OutputFormat;
  notes: string[];
  /** Bytes of the source, and when it was last changed in nanoseconds since 1970. */
  size: number;
  mtimeNs: string;
}

export interface Batch {
  recipe: Recipe;
  files: BatchFile[];
  /** Identities of all sources by path, those without a result included: none of them is ever replaced. */
  sources: ReadonlyMap<string, string>;
  /** Sources for which nothing is to be done, and why. */
  skipped: { source: string; target: string; reason: string }[];
  /** What was given but cannot be enlarged, with reasons. */
  refused: EnlargerError[];
}

/** The batch, each of whose results is to say these things, too. */
export function withNotes(batch: Batch, notes: readonly string[]): Batch {
  return { ...batch, files: batch.files.map((file) => ({ ...file, notes: [...file.notes, ...notes] })) };
}

/** What preparing takes. */
export interface Means {
  engine: Pick<EngineConnection, 'request'>;
  jobs: Pick<JobStore, 'doneBefore' | 'fingerprint'>;
  /** Bytes that one encoder may take; without bounds where absent. */
  encoderMemory?: number;
}

/** Headers are read this many at a time. */
const PROBES_AT_ONCE = 8;

/**
 * Everything that can be known before the first pixel is touched: which pictures there are, what they
 * become, and where each result goes. Throws only if the output folder cannot be used, or if no engine runs any more.
 */
export async function prepareBatch(
  inputs: readonly (string | IntakeInput)[],
  recursive: boolean,
  recipe: Recipe,
  { engine, jobs, encoderMemory }: Means,
): Promise<Batch> {
  await checkOutputFolder(recipe.out);
  const intake = await collectSources(inputs, { recursive, out: recipe.out });
  const refused = [...intake.problems];
  const probed = await probeAll(intake.sources, engine);
  const named: Omit<BatchFile, 'target'>[] = [];
  for (const [index, source] of intake.sources.entries()) {
    const probe = probed[index];
    if (probe instanceof EnlargerError) refused.push(probe);
    else if (probe) named.push({ source, ...probe, ...outputOf(probe.probe, recipe, encoderMemory) });
  }
  const targets = planTargets(
    named.map(({ source, format }) => ({
      source: source.path,
      folder: source.folder,
      ext: extensionFor(format, extname(source.path).slice(1)),
    })),
    { out: recipe.out, template: recipe.template, scale: recipe.plan.scale, model: recipe.plan.modelId },
  );
  const sources = new Map(intake.sources.map(({ path, identity }) => [path, identity]));
  const originals = new Set(sources.values());
  const batch: Batch = { recipe, files: [], sources, skipped: [], refused };
  for (const [index, file] of named.entries()) {
    const target = targets[index] as string;
    if (recipe.onCollision === 'overwrite' && (await isOneOf(originals, target))) {
      refused.push(replacesSource(file.source.path, target));
      continue;
    }
    const reason = await nothingToDo(file, target, recipe, jobs);
    if (reason) batch.skipped.push({ source: file.source.path, target, reason });
    else batch.files.push({ ...file, target });
  }
  return batch;
}

/**
 * Why a file is left out, undefined if it is not: because the very result that it would have stands in its place, or, under
 * the policy `skip`, because something else does.
 */
async function nothingToDo(
  { source, format }: Omit<BatchFile, 'target'>,
  target: string,
  { plan, quality, removeGps, onCollision }: Recipe,
  jobs: Pick<JobStore, 'doneBefore' | 'fingerprint'>,
): Promise<string | undefined> {
  if (onCollision === 'number' || !(await exists(target))) return undefined;
  // One that has just gone fails by itself, and alone, when its turn comes.
  const sourceSha256 = await jobs.fingerprint(source.path).catch(() => undefined);
  const key = { planKey: planKeyOf(plan), target, format, quality, removeGps: removeGps ?? false };
  if (sourceSha256 && (await jobs.doneBefore({ sourceSha256, ...key }))) return 'done before';
  return onCollision === 'skip' ? 'another picture of that name is there' : undefined;
}

/** Whether a source stands at `path`, itself or by way of a link; also one for which there will be no result. */
async function isOneOf(originals: ReadonlySet<string>, path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && originals.has(`${found.dev}:${found.ino}`);
}

function replacesSource(source: string, target: string): EnlargerError {
  const advice = 'Originals are never replaced; choose another --out or --name.';
  return new EnlargerError('collision', `${source}: ${target}: is one of the sources. ${advice}`, {
    file: source,
  });
}

function outputOf(
  probe: Probe,
  { format, plan }: Recipe,
  encoderMemory?: number,
): { format: OutputFormat; notes: string[] } {
  const size = { width: probe.width * plan.scale, height: probe.height * plan.scale };
  const choice = chooseFormat(format, probe.format, size, probe, encoderMemory);
  return {
    format: choice.format,
    notes: choice.because ? [`Written as ${choice.format}: ${choice.because}.`] : [],
  };
}

type Probed = Pick<BatchFile, 'probe' | 'size' | 'mtimeNs'>;

async function probeAll(
  sources: readonly Source[],
  engine: Pick<EngineConnection, 'request'>,
): Promise<(Probed | EnlargerError)[]> {
  const results: (Probed | EnlargerError)[] = [];
  const remaining = sources.entries();
  const readOn = async () => {
    for (const [index, { path }] of remaining) {
      results[index] = await probe(path, engine).catch((error: unknown) => refusalOf(path, error));
    }
  };
  await Promise.all(Array.from({ length: PROBES_AT_ONCE }, readOn));
  return results;
}

/** What `error` says against the file at `path`. Throws what would be said of every other file as well. */
function refusalOf(path: string, error: unknown): EnlargerError {
  const death = deathOf(error);
  if (death && isOwnDeath(death)) return deadlyHeader(path, death.detail);
  const typed = asEnlargerError(error, 'decode-failed', { file: path });
  if (typed.code === 'engine-unavailable' || typed.code === 'stopped') throw typed;
  return typed;
}

function deadlyHeader(path: string, detail: string): EnlargerError {
  return new EnlargerError(
    'quarantined',
    `${path}: left out, because the engine died over its header (${detail}). The file may be damaged; save it anew ` +
      'with another program and add that.',
    { file: path },
  );
}

async function probe(path: string, engine: Pick<EngineConnection, 'request'>): Promise<Probed> {
  // Before the header is read: what changes in between shows when the file is taken up.
  const { size, mtimeNs } = await stat(path, { bigint: true });
  return {
    probe: await engine.request('probe', { source: path }),
    size: Number(size),
    mtimeNs: String(mtimeNs),
  };
}

/** Makes the folder and a file in it: permissions alone do not tell whether that works. */
async function checkOutputFolder(out: string): Promise<void> {
  const trial = join(out, `.enlarger-${process.pid}.trial`);
  try {
    await mkdir(out, { recursive: true });
    await writeFile(trial, '');
    await unlink(trial);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const advice = 'Choose another --out, or change its permissions.';
    throw new EnlargerError('permission-denied', `${out}: cannot be written to (${reason}). ${advice}`, {
      file: out,
      cause: error,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
