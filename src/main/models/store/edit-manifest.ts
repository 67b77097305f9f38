import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EnlargerError } from '../../../shared/errors.ts';
import { type ModelManifest, manifestSchema } from '../../../shared/models.ts';
import { replaceFile } from '../../replace-file.ts';
import type { RegisteredModel } from '../model-registry.ts';
import { goneMeanwhile, lockManifest } from './manifest-lock.ts';

/** Makes `manifest` that of the model in `folder`, in one step. */
export async function writeManifest(folder: string, manifest: ModelManifest): Promise<void> {
  await replaceFile(manifestIn(folder), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/**
 * Makes `change` to the manifest of `model` as it is now, whichever process has changed it since it was read: in one step, before
 * which the model is as it was. Throws what `change` throws, `in-use` while another holds the manifest for seconds, `not-found`
 * if the model is gone, `model-invalid` if its manifest is broken.
 */
export async function editManifest(
  { folder, manifest: { id } }: Pick<RegisteredModel, 'folder' | 'manifest'>,
  change: (manifest: ModelManifest) => ModelManifest,
): Promise<ModelManifest> {
  await using _ = await lockManifest(folder, id);
  const path = manifestIn(folder);
  const changed = manifestSchema.parse(change(await readManifest(path, id)));
  const { mode } = await stat(path);
  await writeManifest(folder, changed);
  // Other users of this machine may read it, too.
  await chmod(path, mode);
  return changed;
}

const manifestIn = (folder: string) => join(folder, 'manifest.json');

async function readManifest(path: string, id: string): Promise<ModelManifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw goneMeanwhile(id, error);
    const reason = error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ') : error;
    const message = `${path}: not a usable manifest any more. ${reason}`;
    throw new EnlargerError('model-invalid', message, { file: path, cause: error });
  }
}
