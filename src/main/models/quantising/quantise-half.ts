import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RequestOutput } from '../../../shared/engine-protocol.ts';
import { cancelledError, EnlargerError } from '../../../shared/errors.ts';
import type { EngineConnection } from '../../engine/engine-connection.ts';
import type { ModelFolders } from '../../installation.ts';
import type { RegisteredModel } from '../model-registry.ts';
import { expectFolder, expectFree, freeName, orRemoved, place, temporaryFor } from './quantise-place.ts';
import { findQuantiseSource, variantFile } from './quantise-source.ts';
import { addVariant, expectNoVariant, type Variant } from './quantise-variant.ts';

export interface HalfOptions {
  /** The id of a model in `models`, or an ONNX file. */
  model: string;
  models: string | ModelFolders;
  /** The file to write; without it the result stands beside the model, and becomes a variant of an installed one. */
  out?: string | undefined;
  /** Whether an fp16 variant that is there already gives way. */
  replace: boolean;
}

export interface HalfResult extends RequestOutput<'makeHalf'> {
  /** The file that was written. */
  file: string;
}

/**
 * Makes the half-precision form of a model, of an installed one all of its fp32 entries, and stops `engine`, which it has for itself, if
 * `signal` is aborted. What stands there already is left alone, but for the variant that `replace` means. Nothing stays of
 * what is not finished.
 */
export async function halveModel(
  options: HalfOptions,
  engine: EngineConnection,
  signal: AbortSignal,
): Promise<HalfResult[]> {
  const source = await findQuantiseSource(options.model, options.models);
  const stop = () => void engine.stop();
  signal.addEventListener('abort', stop);
  try {
    if (source.registered && options.out === undefined) {
      return await halveRegistered(source.registered, options.replace, engine);
    }
    const target = options.out ?? variantFile(source, 'fp16');
    await expectFree(target);
    await expectFolder(target);
    return [await halve(source, async () => target, target, engine)];
  } catch (error) {
    if (signal.aborted) throw cancelledError();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function halveRegistered(
  model: RegisteredModel,
  replace: boolean,
  engine: EngineConnection,
): Promise<HalfResult[]> {
  const { manifest, folder } = model;
  expectNoVariant(model, 'fp16', replace);
  const full = manifest.variants.find(({ id }) => id === 'fp32');
  if (!full) {
    throw new EnlargerError('bad-argument', `Model '${manifest.id}' has no fp32 variant to be made half.`);
  }
  const results: HalfResult[] = [];
  const entries: Variant['entries'] = [];
  const written: string[] = [];
  await orRemoved(written, async () => {
    for (const entry of full.entries) {
      const name = `${manifest.id}.fp16${entry.dtype === 'float32' ? '.float' : ''}.onnx`;
      const source = { file: join(folder, entry.file), sha256: entry.sha256 };
      const target = join(folder, name);
      const result = await halve(source, (sha256) => freeName(target, sha256), target, engine);
      results.push(result);
      written.push(result.file);
      const { file, sha256, bytes } = result;
      entries.push({ ...entry, file: basename(file), sha256, bytes });
    }
    const fidelity = Math.min(...results.map(({ psnr }) => psnr));
    await addVariant(model, { id: 'fp16', entries, fidelity: Number(fidelity.toFixed(1)) });
  });
  return results;
}

/** Writes the half of one file, and gives it the name that `named` finds for its hash. */
async function halve(
  { file: model, sha256 }: { file: string; sha256?: string | undefined },
  named: (sha256: string) => Promise<string>,
  target: string,
  engine: EngineConnection,
): Promise<HalfResult> {
  const temporary = temporaryFor(target);
  try {
    const report = await engine.request('makeHalf', {
      model,
      temporary,
      ...(sha256 === undefined ? {} : { sha256 }),
    });
    return { ...report, file: await place(temporary, await named(report.sha256)) };
  } finally {
    await rm(temporary, { force: true });
  }
}
