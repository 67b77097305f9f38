import type { CatalogueEntry } from '../../shared/catalogue.ts';
import type { ModelChange } from '../../shared/contract/models.ts';
import type { RegisteredModel } from '../models/model-registry.ts';
import type { ModelStore } from '../models/store/model-store.ts';
import type { ModelIntake } from './model-download.ts';

export interface InstalledModels {
  store: Pick<ModelStore, 'add'>;
  /** The models as they are now. */
  models: { readonly models: ReadonlyMap<string, RegisteredModel>; refresh(): Promise<void> };
}

/** Downloads become models of the user. */
export function intakeOf({ store, models }: InstalledModels): ModelIntake {
  return {
    has: (id) => models.models.has(id),
    add: async (path, entry, signal) => {
      await store.add({ path, name: `${entry.id}.onnx` }, { id: entry.id, change: knownOf(entry) }, signal);
      await models.refresh();
    },
  };
}

/** What the catalogue knows and the file does not say. What can be measured is measured. */
function knownOf({ title, description, task, licence, home, conventions }: CatalogueEntry): ModelChange {
  const { range, channelOrder } = conventions;
  return {
    ...{ title, description, task, licence: licence.id, source: home },
    ...(range ? { range } : {}),
    ...(channelOrder ? { channelOrder } : {}),
  };
}
