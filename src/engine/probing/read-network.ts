import { readFile } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';
import { inspectModel } from '../inference/inspect-model.ts';
import { inlineWeights } from './inline-weights.ts';
import type { DividedModel } from './weights-files.ts';

/**
 * The bytes of an ONNX file, which may be given to ONNX Runtime, with all weights inside; `inlined`: some lay in other files. Throws
 * `not-found` if there is no such file, `model-invalid` for what is no model, or not whole.
 */
export async function readNetwork(model: DividedModel): Promise<{ bytes: Uint8Array; inlined: boolean }> {
  const { file } = model;
  const bytes = await readFile(file).catch((cause: unknown) => {
    const message = `${file} cannot be read. Check its name and its permissions.`;
    throw new EnlargerError('not-found', message, { file, cause });
  });
  const { external } = inspectModel(bytes, file, { pictures: false, external: true });
  if (!external) return { bytes, inlined: false };
  const whole = await inlineWeights(bytes, model);
  // What came from other files has been looked at by nobody.
  inspectModel(whole, file, { pictures: false });
  return { bytes: whole, inlined: true };
}
