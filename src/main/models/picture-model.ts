import { EnlargerError } from '../../shared/errors.ts';
import type { ModelManifest } from '../../shared/models.ts';
import type { RegisteredModel } from './model-registry.ts';

const DOES = { 'face-detect': 'finds faces', 'face-restore': 'restores single faces' } as const;

/** Whether a model of this kind is for whole pictures. */
export function isForPictures({ task }: Pick<ModelManifest, 'task'>): boolean {
  return task === 'upscale' || task === 'restore';
}

/** Throws `bad-argument` for a model that is not for whole pictures. */
export function expectForPictures({ manifest: { id, task } }: RegisteredModel): void {
  if (task !== 'face-detect' && task !== 'face-restore') return;
  throw new EnlargerError(
    'bad-argument',
    `Model '${id}' ${DOES[task]}; it cannot be used on whole pictures. Choose a model that enlarges or restores pictures.`,
  );
}
