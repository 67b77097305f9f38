import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CatalogueService } from '../../../src/main/catalogue/catalogue-service.ts';
import type { DownloadLimits } from '../../../src/main/catalogue/download-file.ts';
import type { ModelIntake } from '../../../src/main/catalogue/model-download.ts';
import { NetworkGate } from '../../../src/main/catalogue/network-gate.ts';
import { hashFile } from '../../../src/main/worker/hash-file.ts';
import type { CatalogueEntry } from '../../../src/shared/catalogue.ts';
import type { Download } from '../../../src/shared/contract/catalogue.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { cutHeld } from './model-host.ts';

export interface BenchOptions {
  limits?: Partial<DownloadLimits>;
  allowed?: () => boolean;
  /** False: as in the application, where http is refused. */
  plainLoopback?: boolean;
  /** State folder; one of its own unless told. */
  state?: string;
  add?: ModelIntake['add'];
  /** Where models go in place of that. */
  intake?: ModelIntake;
  tell?: (download: Download) => void;
}

/** A catalogue of these entries, whose models end up as files in the folder `models` of the state. */
export async function openCatalogue(entries: readonly CatalogueEntry[], options: BenchOptions = {}) {
  const state = options.state ?? (await temporaryFolder());
  const folder = join(state, 'downloads');
  const told: Download[] = [];
  const installed = new Set<string>();
  const allowed = options.allowed ?? (() => true);
  const addresses = entries.map(({ address }) => address);
  const gate = new NetworkGate({ addresses, allowed, plainLoopback: options.plainLoopback ?? true });
  const add: ModelIntake['add'] = async (file, entry, signal) => {
    await (options.add ?? (() => copyFile(file, join(state, `${entry.id}.onnx`))))(file, entry, signal);
    installed.add(entry.id);
  };
  const service = new CatalogueService({
    entries,
    gate,
    folder,
    hash: hashFile,
    intake: options.intake ?? { has: (id) => installed.has(id), add },
    limits: { stall: 20_000, breaks: 3, pause: () => 0, ...options.limits },
    tell: (download) => {
      told.push(download);
      options.tell?.(download);
      cutHeld(download);
    },
  });
  onTestFinished(() => service.close());
  const left = () => readdir(folder).catch(() => []);
  /** Downloads with the licence accepted; resolves to how it ended. */
  const download = async (id = 'tiny-x2') => {
    await service.download({ id, licenceAccepted: true });
    return service.ended(id);
  };
  return { service, state, folder, told, installed, left, download };
}
