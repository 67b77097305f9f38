import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { EnlargerError } from '../../../shared/errors.ts';
import type { ModelManifest } from '../../../shared/models.ts';
import type { RegisteredModel } from '../model-registry.ts';
import { expectSameUse } from '../store/change-manifest.ts';
import { editManifest } from '../store/edit-manifest.ts';

export type Variant = ModelManifest['variants'][number];

/** Throws `collision` if `model` has that variant already and it is not to be replaced. */
export function expectNoVariant(
  { manifest, folder }: RegisteredModel,
  variant: Variant['id'],
  replace: boolean,
): void {
  if (replace || !manifest.variants.some(({ id }) => id === variant)) return;
  throw new EnlargerError(
    'collision',
    `Model '${manifest.id}' has an ${variant} variant already. Replace it with --replace, or write elsewhere with --out.`,
    { file: folder },
  );
}

/**
 * Gives `model`, as it was read before, the variant, whose files lie in its folder. The manifest is replaced in one step:
 * before it the model is as it was. The files of the variant that this one takes the place of are removed. Throws `in-use` if
 * the variant, or how the model is run, has been changed since.
 */
export async function addVariant(model: RegisteredModel, variant: Variant): Promise<void> {
  const { manifest: before, folder } = model;
  let replaced: Variant[] = [];
  const { variants } = await editManifest(model, (now) => {
    expectSameUse(before, now);
    replaced = now.variants.filter(({ id }) => id === variant.id);
    const meant = before.variants.filter(({ id }) => id === variant.id);
    if (!isDeepStrictEqual(replaced, meant)) throw takenMeanwhile(before.id, variant.id);
    return { ...now, variants: [...now.variants.filter(({ id }) => id !== variant.id), variant] };
  });
  const filesOf = (some: readonly Variant[]) =>
    some.flatMap(({ entries }) => entries.map(({ file }) => file));
  const kept = new Set(filesOf(variants));
  for (const name of filesOf(replaced)) if (!kept.has(name)) await rm(join(folder, name), { force: true });
}

function takenMeanwhile(id: string, variant: Variant['id']): EnlargerError {
  const message = `Model '${id}' has been given its ${variant} variant by another Enlarger meanwhile.`;
  return new EnlargerError('in-use', message);
}
