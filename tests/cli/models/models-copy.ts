import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelsFolder } from '../../../src/main/installation.ts';
import { type ModelManifest, manifestSchema } from '../../../src/shared/models.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** A copy of the models that ship, to be damaged; for ENLARGER_MODELS. */
export async function copyModels(): Promise<string> {
  const folder = await temporaryFolder();
  await cp(modelsFolder(), folder, { recursive: true });
  return folder;
}

/** Writes what `change` makes of the manifest of model `id` in `folder`. */
export async function changeManifest(
  folder: string,
  id: string,
  change: (manifest: ModelManifest) => unknown,
): Promise<void> {
  const file = join(folder, id, 'manifest.json');
  const manifest = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, JSON.stringify(change(manifest)));
}

/** Turns one bit in the middle of `file`. */
export async function flipBit(file: string): Promise<void> {
  const bytes = await readFile(file);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(file, bytes);
}
