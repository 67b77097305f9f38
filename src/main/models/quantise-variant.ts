import { chmod, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RequestOutput } from '../../shared/engine-protocol.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { type ModelManifest, manifestSchema } from '../../shared/models.ts';
import { replaceFile } from '../replace-file.ts';
import type { RegisteredModel } from './model-registry.ts';

/** Throws `collision` if `model` has an int8 variant already and it is not to be replaced. */
export function expectNoVariant({ manifest, folder }: RegisteredModel, replace: boolean): void {
  if (replace || !manifest.variants.some(({ id }) => id === 'int8')) return;
  throw new EnlargerError(
    'collision',
    `Model '${manifest.id}' has an int8 variant already. Replace it with --replace, or write elsewhere with --out.`,
    { file: folder },
  );
}

/**
 * Makes `file`, which lies in the folder of `model`, its int8 variant. The manifest is replaced in one step: before it the
 * model is as it was. The file of the variant that this one takes the place of is removed.
 */
export async function addVariant(
  model: RegisteredModel,
  file: string,
  report: RequestOutput<'quantise'>,
): Promise<void> {
  const path = join(model.folder, 'manifest.json');
  const manifest = manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  const { dtype, bytes, sha256, psnr } = report;
  const range: [number, number] = dtype === 'uint8' ? [0, 255] : [0, 1];
  const variant: ModelManifest['variants'][number] = {
    id: 'int8',
    entries: [{ dtype, range, file: basename(file), sha256, bytes }],
    psnr: { calibration: Number(psnr.int8.toFixed(3)) },
  };
  const others = manifest.variants.filter(({ id }) => id !== 'int8');
  const { mode } = await stat(path);
  const variants = [...others, variant];
  await replaceFile(path, `${JSON.stringify({ ...manifest, variants }, undefined, 2)}\n`);
  // Other users of this machine read it, too.
  await chmod(path, mode);
  const kept = new Set(variants.flatMap(({ entries }) => entries.map((entry) => entry.file)));
  const replaced = manifest.variants.flatMap(({ entries }) => entries.map((entry) => entry.file));
  for (const name of replaced) if (!kept.has(name)) await rm(join(model.folder, name), { force: true });
}
