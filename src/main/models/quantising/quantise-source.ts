import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import type { RequestInput } from '../../../shared/engine-protocol.ts';
import { EnlargerError } from '../../../shared/errors.ts';
import type { VariantId } from '../../../shared/models.ts';
import type { ModelFolders } from '../../installation.ts';
import { ModelRegistry, type RegisteredModel } from '../model-registry.ts';
import { networkUse, pictureSession } from '../resolve-plan.ts';

/** The model that is to be quantised. */
export interface QuantiseSource {
  /** Its ONNX file, and the hash that its manifest states, where it has one. */
  file: string;
  sha256?: string | undefined;
  /** How it takes pictures, where its manifest says so. */
  use?: RequestInput<'quantise'>['use'];
  /** The model that gets the result as another variant; undefined for a file that is on its own. */
  registered?: RegisteredModel;
}

/** What `name` means: an ONNX file, or the id of a model in `models`. Throws `bad-argument` or `not-found`. */
export async function findQuantiseSource(
  name: string,
  models: string | ModelFolders,
): Promise<QuantiseSource> {
  if (name.includes('/') || name.includes(sep) || extname(name).toLowerCase() === '.onnx') {
    const file = resolve(name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return { file };
    throw new EnlargerError('not-found', `${file}: there is no such model.`, { file });
  }
  const registered = (await ModelRegistry.read(models)).get(name);
  // The entry for bytes is what photographs are enlarged with; deeper pictures stay with float32.
  const spec = pictureSession(registered, 'fp32', 1);
  if (!spec) throw new EnlargerError('bad-argument', `Model '${name}' has no fp32 variant to be quantised.`);
  const { dtype, range } = spec;
  const use = { ...networkUse(registered.manifest), dtype, ...(range ? { range } : {}) };
  return { file: spec.file, sha256: spec.sha256, use, registered };
}

/** Where the result goes unless it is said: beside the model, and called as it is. */
export function variantFile({ file, registered }: QuantiseSource, variant: VariantId): string {
  const name = registered?.manifest.id ?? basename(file, extname(file)).replace(/[.-]fp32$/, '');
  return join(dirname(file), `${name}.${variant}.onnx`);
}
