import type { Download } from '../../shared/contract/catalogue.ts';
import { catalogueFile, downloadsFolder } from '../installation.ts';
import { readCatalogue } from './catalogue-file.ts';
import { CatalogueService } from './catalogue-service.ts';
import { USUAL_LIMITS } from './download-file.ts';
import { type InstalledModels, intakeOf } from './model-intake.ts';
import { NetworkGate } from './network-gate.ts';

interface Means extends InstalledModels {
  /** Folder of what is remembered. */
  state: string;
  /** SHA-256 of a file, computed elsewhere than on this thread. */
  hash: (path: string) => Promise<string>;
  /** Whether the settings let anything use the network. */
  allowed: () => boolean;
  tell: (download: Download) => void;
}

/** The catalogue that ships, with the models of this user as where downloads go. Throws as `readCatalogue`. */
export async function openCatalogue({
  state,
  hash,
  allowed,
  tell,
  ...models
}: Means): Promise<CatalogueService> {
  const entries = await readCatalogue(catalogueFile());
  return new CatalogueService({
    entries,
    gate: new NetworkGate({ addresses: entries.map(({ address }) => address), allowed }),
    folder: downloadsFolder(state),
    hash,
    intake: intakeOf(models),
    limits: USUAL_LIMITS,
    tell,
  });
}
