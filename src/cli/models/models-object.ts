import type { RegisteredModel } from '../../main/models/model-registry.ts';

/** A manifest, and where it comes from: what `--json` writes of a model. */
export function modelObject({ manifest, origin, folder }: RegisteredModel): object {
  return { ...manifest, origin, folder };
}
