import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';
import { inspectModel } from './inspect-model.ts';

/** Digits that tell two hashes apart at a glance. */
const SHOWN = 12;

/**
 * The bytes of the model `file`, which may be given to ONNX Runtime (inspect-model.ts). Throws `model-invalid` if they do not
 * have the hash `sha256`, where one is known, or are no model; no model of pictures that Enlarger takes as it is, if `pictures`.
 */
export async function readChecked(
  { file, sha256 }: { file: string; sha256?: string | undefined },
  { pictures = true }: { pictures?: boolean } = {},
): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    const message = `${file}: the model cannot be read. Install the model again.`;
    throw new EnlargerError('model-invalid', message, { file, cause });
  });
  const found = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== undefined && found !== sha256) {
    throw new EnlargerError(
      'model-invalid',
      `${file}: does not have the hash that its manifest states (${sha256.slice(0, SHOWN)}…, ` +
        `found ${found.slice(0, SHOWN)}…). The file was changed or damaged; install the model again.`,
      { file },
    );
  }
  inspectModel(bytes, file, { pictures });
  return bytes;
}
