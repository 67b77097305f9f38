import type { ModelRegistry, RegisteredModel } from '../../main/models/model-registry.ts';
import { expectForPictures, isForPictures } from '../../main/models/picture-model.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { isChoosable } from '../../shared/network.ts';

/** How many times larger pictures become where neither model nor scale were asked for. */
const DEFAULT_SCALE = 2;

/** What `enlarger enhance` was asked for of its model. */
export interface ModelChoice {
  model: string | undefined;
  scale: number | undefined;
  /** 0..1. */
  strength: number | undefined;
}

/**
 * The model that was asked for: by its id, else by its scale, of which our own comes first. Throws `bad-argument` for one that
 * there is not, that is not for whole pictures, or that does not go with the rest of what was asked for.
 */
export function chooseModel(
  models: Pick<ModelRegistry, 'models' | 'get'>,
  { model: id, scale, strength }: ModelChoice,
): RegisteredModel {
  const model = id === undefined ? modelOfScale(models, scale ?? DEFAULT_SCALE) : models.get(id);
  expectForPictures(model);
  expectScale(model, scale);
  expectStrength(model, strength);
  return model;
}

function modelOfScale(models: Pick<ModelRegistry, 'models' | 'get'>, scale: number): RegisteredModel {
  const ours = ownModel(models, scale);
  if (ours) return ours;
  const usable = [...models.models.values()].filter(({ manifest }) => isForPictures(manifest));
  const found = usable.find(({ manifest }) => manifest.scale === scale);
  if (found) return found;
  const scales = [...new Set(usable.map(({ manifest }) => manifest.scale))].sort((a, b) => a - b);
  throw new EnlargerError(
    'bad-argument',
    `--scale ${scale}: no model enlarges ${scale} times. Choose one of: ${scales.join(', ')}.`,
  );
}

/** Undefined where there is none. Throws what is wrong with one that is there: another in its place would surprise. */
function ownModel(models: Pick<ModelRegistry, 'get'>, scale: number): RegisteredModel | undefined {
  try {
    return models.get(`photo-x${scale}`);
  } catch (error) {
    if (error instanceof EnlargerError && error.code === 'bad-argument') return undefined;
    throw error;
  }
}

function expectScale({ manifest }: RegisteredModel, scale: number | undefined): void {
  if (scale === undefined || scale === manifest.scale) return;
  throw new EnlargerError(
    'bad-argument',
    `--scale ${scale}: model '${manifest.id}' enlarges ${manifest.scale} times. Leave out one of the two.`,
  );
}

function expectStrength({ manifest }: RegisteredModel, strength: number | undefined): void {
  if (strength === undefined || (manifest.strength && isChoosable(manifest.strength))) return;
  throw new EnlargerError(
    'bad-argument',
    `--strength: model '${manifest.id}' has no strength that could be chosen. Leave it out.`,
  );
}
