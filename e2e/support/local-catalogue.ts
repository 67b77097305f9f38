import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { CatalogueService } from '../../src/main/catalogue/catalogue-service.ts';
import { NetworkGate, type Question } from '../../src/main/catalogue/network-gate.ts';
import type { RunningWeb } from '../../src/main/shells/web/start-web.ts';
import { hashFile } from '../../src/main/worker/hash-file.ts';
import type { CatalogueEntry } from '../../src/shared/catalogue.ts';
import { temporaryFolder } from '../../tests/support/pictures.ts';

/** A gate that leads to hosts on this machine, which have no certificates, in place of those that addresses name. */
class LocalGate extends NetworkGate {
  readonly #hosts: ReadonlyMap<string, string>;

  constructor(hosts: ReadonlyMap<string, string>, allowed: () => boolean) {
    super({ addresses: [...hosts.values()], allowed, plainLoopback: true });
    this.#hosts = hosts;
  }

  override get(question: Question) {
    const address = this.#hosts.get(question.address) ?? question.address;
    return super.get({ ...question, address });
  }
}

/**
 * Gives a shell another catalogue, whose models come from hosts on this machine: `hosts` by the addresses of the entries. All
 * else is as it is in the application.
 */
export async function offerCatalogue(
  web: RunningWeb,
  entries: readonly CatalogueEntry[],
  hosts: ReadonlyMap<string, string>,
): Promise<void> {
  const { services } = web.application;
  const { settings, events, models, places, userModels } = services;
  const service = new CatalogueService({
    entries,
    gate: new LocalGate(hosts, () => settings.get().network),
    folder: join(await temporaryFolder(), 'downloads'),
    hash: hashFile,
    limits: { stall: 20_000, breaks: 3, pause: () => 0 },
    tell: (download) => events.download(download),
    intake: {
      has: (id) => models.models.has(id),
      add: async (file, { id, title, licence }, signal) => {
        const { input } = await places.tokens.offer(file);
        await userModels.add(input, { id, change: { title, licence: licence.id } }, signal);
      },
    },
  });
  onTestFinished(() => service.close());
  onTestFinished(settings.onChange(() => void service.obeyGate()));
  services.catalogue = service;
}
