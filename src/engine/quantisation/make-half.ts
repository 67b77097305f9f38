import { createHash } from 'node:crypto';
import type { RequestInput, RequestOutput } from '../../shared/engine-protocol.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { readChecked } from '../inference/read-checked.ts';
import { compareOutputs } from './compare-outputs.ts';
import { halfModel } from './half.ts';
import { readModel, writeModel } from './onnx-model.ts';
import { writeFlushed } from './write-flushed.ts';

/** Below this many dB between the results of both, half precision is too coarse for a network. */
const LOWEST_FIDELITY = 40;

/**
 * Writes the half-precision form of a model to `temporary`, flushed. Throws `verify-failed` if it does not compute the same
 * on the processor, and typed errors that name the model where it cannot be made.
 *
 * Processors compute in float32 what the constants in half precision say: whether half is enough for what is between, only a
 * graphics processor tells, and it is tried there before it is used.
 */
export async function makeHalf(work: RequestInput<'makeHalf'>): Promise<RequestOutput<'makeHalf'>> {
  const { model: file, sha256: expected, temporary } = work;
  const bytes = await readChecked({ file, sha256: expected });
  const half = writeModel(halfModel(readModel(bytes), file));
  const { psnr, worst } = await compareOutputs(bytes, half, file);
  // Not the other way round: what is no number is not close.
  if (!(psnr >= LOWEST_FIDELITY)) {
    const found = `its results in half precision are only ${psnr.toFixed(1)} dB close to those in float`;
    throw new EnlargerError('verify-failed', `${file}: ${found}. Keep it in float.`, { file });
  }
  await writeFlushed(temporary, half);
  const sha256 = createHash('sha256').update(half).digest('hex');
  return { bytes: half.length, sha256, modelBytes: bytes.length, psnr, worst };
}
