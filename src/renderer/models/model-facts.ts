import type { TFunction } from 'i18next';
import type { Model } from '../../shared/contract/shell.ts';

type Doing = Pick<Model, 'task' | 'scale'>;

/** Models that do the same: enlarge so many times, or restore. */
export interface ModelGroup {
  kind: 'upscale' | 'restore';
  /** How many times larger; of what restores it is each model's own. */
  scale: number;
  models: readonly Model[];
}

/** Whether a recipe can be made with it. */
export function isForRecipes({ task }: Pick<Model, 'task'>): boolean {
  return task === 'upscale' || task === 'restore';
}

/** What recipes can be made with, by what it does: the smallest scale first, then what restores. The order within stays. */
export function groupModels(models: readonly Model[]): ModelGroup[] {
  const groups = Map.groupBy(models.filter(isForRecipes), (model) => {
    return restores(model) ? Number.POSITIVE_INFINITY : model.scale;
  });
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([scale, members]) =>
      Number.isFinite(scale)
        ? { kind: 'upscale', scale, models: members }
        : { kind: 'restore', scale: 1, models: members },
    );
}

/** What makes a picture no larger cannot be said to enlarge it, whatever it calls itself. */
const restores = ({ task, scale }: Doing) => task === 'restore' || scale === 1;

/** What a model does, in a few words. */
export function doingOf(model: Doing, t: TFunction): string {
  if (model.task === 'face-detect') return t('models.faceDetect');
  if (model.task === 'face-restore') return t('models.faceRestore');
  if (!restores(model)) return t('models.enlarges', { scale: model.scale });
  return model.scale === 1 ? t('models.restores') : t('models.restoresLarger', { scale: model.scale });
}

const BITS: Readonly<Record<Model['variants'][number]['id'], number>> = { fp32: 32, fp16: 16, int8: 8 };

/** The arithmetics that a model comes in, in words, such as "32, 8 bits". */
export function bitsOf({ variants }: Pick<Model, 'variants'>, t: TFunction): string {
  return t('models.bits', { list: variants.map(({ id }) => BITS[id]).join(', ') });
}

/** A licence in words: what nobody has named is said to be unknown. */
export function licenceOf({ licence }: Pick<Model, 'licence'>, t: TFunction): string {
  const named = licence.trim();
  return named === '' || named === 'unknown'
    ? t('models.licenceUnknown')
    : t('models.licence', { licence: named });
}
