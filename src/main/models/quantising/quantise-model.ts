import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { JobProgress, RequestOutput } from '../../../shared/engine-protocol.ts';
import { cancelledError } from '../../../shared/errors.ts';
import type { EngineConnection } from '../../engine/engine-connection.ts';
import type { ModelFolders } from '../../installation.ts';
import { collectSources } from '../../intake/collect-sources.ts';
import { expectFolder, expectFree, freeName, orRemoved, place, temporaryFor } from './quantise-place.ts';
import { findQuantiseSource, variantFile } from './quantise-source.ts';
import { addVariant, expectNoVariant, type Variant } from './quantise-variant.ts';

export interface QuantiseOptions {
  /** The id of a model in `models`, or an ONNX file. */
  model: string;
  /** Where the models lie that are installed. */
  models: string | ModelFolders;
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
  if (variantOf) expectNoVariant(variantOf, 'int8', options.replace);
  const target = options.out ?? variantFile(source, 'int8');
  if (!variantOf) await expectFree(target);
  const { sources } = await collectSources([options.calibrate], { recursive: true, out: target });
  await expectFolder(target);
  const temporary = temporaryFor(target);
  const stop = () => void engine.stop();
  signal.addEventListener('abort', stop);
  const stopListening = engine.onProgress((jobs) => jobs.forEach(onProgress));
  try {
    const report = await engine.request('quantise', {
      jobId: JOB_ID,
      model: source.file,
      ...(source.sha256 === undefined ? {} : { sha256: source.sha256 }),
      ...(source.use ? { use: source.use } : {}),
      pictures: sources.map(({ path }) => path),
      temporary,
      maxLoss: options.maxLoss,
      weightBits: options.weightBits,
      threads: options.threads,
    });
    signal.throwIfAborted();
    const named = variantOf ? await freeName(target, report.sha256) : target;
    const file = await place(temporary, named);
    if (variantOf) await orRemoved([file], () => addVariant(variantOf, variantFrom(report, file)));
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

function variantFrom(report: RequestOutput<'quantise'>, file: string): Variant {
  const {
    dtype,
    bytes,
    sha256,
    psnr,
    loss,
    fidelity,
    milliseconds,
    range = dtype === 'uint8' ? [0, 255] : [0, 1],
  } = report;
  return {
    id: 'int8',
    entries: [{ dtype, range, file: basename(file), sha256, bytes }],
    psnr: { calibration: Number(psnr.int8.toFixed(3)) },
    loss: Number(loss.toFixed(3)),
    fidelity: Number(fidelity.toFixed(1)),
    speed: Number((milliseconds.reference / milliseconds.candidate).toFixed(2)),
  };
}
