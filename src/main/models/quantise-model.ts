import { access, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JobProgress, RequestOutput } from '../../shared/engine-protocol.ts';
import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import { commitResult } from '../batch/commit-result.ts';
import type { EngineConnection } from '../engine/engine-connection.ts';
import { collectSources } from '../intake/collect-sources.ts';
import { findQuantiseSource, quantisedFile } from './quantise-source.ts';
import { addVariant, expectNoVariant } from './quantise-variant.ts';

export interface QuantiseOptions {
  /** The id of a model in `models`, or an ONNX file. */
  model: string;
  /** The folder of the models that are installed. */
  models: string;
  /** A folder of pictures. */
  calibrate: string;
  /** The file to write; without it the result stands beside the model, and becomes a variant of an installed one. */
  out?: string | undefined;
  /** Whether an int8 variant that is there already gives way. */
  replace: boolean;
  /** dB of PSNR that int8 may lose. */
  maxLoss: number;
  weightBits: 'auto' | 7 | 8;
  threads: number;
}

export interface QuantiseResult extends RequestOutput<'quantise'> {
  /** The file that was written. */
  file: string;
}

const JOB_ID = 0;

/** What keeps names apart that stand in one folder: enough of a hash. */
const HASH_DIGITS = 12;

/**
 * Makes the int8 form of a model, and stops `engine`, which it has for itself, if `signal` is aborted. What stands there
 * already is left alone, but for the variant that `replace` means. Nothing stays of what is not finished.
 */
export async function quantiseModel(
  options: QuantiseOptions,
  engine: EngineConnection,
  { signal, onProgress }: { signal: AbortSignal; onProgress(progress: JobProgress): void },
): Promise<QuantiseResult> {
  const source = await findQuantiseSource(options.model, options.models);
  const variantOf = options.out === undefined ? source.registered : undefined;
  if (variantOf) expectNoVariant(variantOf, options.replace);
  const target = options.out ?? quantisedFile(source);
  if (!variantOf) await expectFree(target);
  const { sources } = await collectSources([options.calibrate], { recursive: true, out: target });
  if (!(await exists(dirname(target)))) throw noFolder(target);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  const stop = () => void engine.stop();
  signal.addEventListener('abort', stop);
  const stopListening = engine.onProgress((jobs) => jobs.forEach(onProgress));
  try {
    const report = await engine.request('quantise', {
      jobId: JOB_ID,
      model: source.file,
      ...(source.sha256 === undefined ? {} : { sha256: source.sha256 }),
      pictures: sources.map(({ path }) => path),
      temporary,
      maxLoss: options.maxLoss,
      weightBits: options.weightBits,
      threads: options.threads,
    });
    signal.throwIfAborted();
    const named = variantOf ? await freeName(target, report.sha256) : target;
    const file = await place(temporary, named);
    if (variantOf) await registered(() => addVariant(variantOf, file, report), file);
    return { ...report, file };
  } catch (error) {
    if (signal.aborted) throw cancelledError();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stopListening();
    await rm(temporary, { force: true });
  }
}

async function expectFree(target: string): Promise<void> {
  if (!(await exists(target))) return;
  const message = `${target}: is there already. Remove it, or choose another --out.`;
  throw new EnlargerError('collision', message, { file: target });
}

function noFolder(target: string): EnlargerError {
  const message = `${target}: there is no such folder. Make it, or choose another --out.`;
  return new EnlargerError('not-found', message, { file: target });
}

/** Until the manifest has been replaced, the file that it names stays where it is. */
async function freeName(target: string, sha256: string): Promise<string> {
  if (!(await exists(target))) return target;
  return target.replace(/\.onnx$/, `-${sha256.slice(0, HASH_DIGITS)}.onnx`);
}

async function place(temporary: string, target: string): Promise<string> {
  const placed = await commitResult({
    temporary,
    target,
    policy: 'skip',
    isSource: async () => false,
    intend: async () => {},
  });
  if (placed !== undefined) return placed;
  await expectFree(target);
  return target;
}

/** Does `register`; if that fails, `file` goes again. */
async function registered(register: () => Promise<void>, file: string): Promise<void> {
  try {
    await register();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
