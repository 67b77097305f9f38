import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract/contract.ts';
import { ENLARGER_ERROR } from '../../shared/contract/error.ts';
import { type Capabilities, CONTRACT_VERSION, type Model } from '../../shared/contract/shell.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { VERSION } from '../../shared/version.ts';
import type { Application } from '../application/application.ts';
import { describeMachine } from '../machine.ts';
import type { RegisteredModel } from '../models/model-registry.ts';

/** What a shell can do beyond what every shell can. */
export type ShellAbilities = Pick<Capabilities, 'canPickFolders' | 'canDragOut' | 'canReveal'>;

export type EnlargerRouter = ReturnType<typeof createRouter>;

/** The contract over an application: each call handed to a service, each error made one that travels. */
export function createRouter(application: Application, abilities: ShellAbilities) {
  const { services } = application;
  const { jobs, queue, settings, places } = services;
  const os = implement(contract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      throw travelling(error);
    }
  });
  const done = {};

  return os.router({
    greeting: os.greeting.handler(() => ({ protocol: CONTRACT_VERSION, version: VERSION })),
    capabilities: os.capabilities.handler(() => capabilitiesOf(application, abilities)),
    models: {
      list: os.models.list.handler(() => [...services.models.models.values()].map(modelOf)),
    },
    browse: os.browse.handler(({ input }) => expectRoot(places.root).list(input.path)),
    batches: {
      plan: os.batches.plan.handler(({ input }) => application.plan(input)),
      create: os.batches.create.handler(({ input }) => application.create(input)),
      list: os.batches.list.handler(({ input }) => jobs.batches(input)),
      get: os.batches.get.handler(({ input }) => jobs.batch(input.batchId)),
      files: os.batches.files.handler(({ input: { batchId, ...query } }) => jobs.files(batchId, query)),
      pause: os.batches.pause.handler(({ input }) => queue.pause(input.batchId).then(() => done)),
      resume: os.batches.resume.handler(({ input }) => application.resume(input.batchId).then(() => done)),
      cancel: os.batches.cancel.handler(({ input }) => queue.cancel(input.batchId).then(() => done)),
      retry: os.batches.retry.handler(async ({ input: { batchId, ...which } }) => ({
        count: await application.retry(batchId, which),
      })),
      clear: os.batches.clear.handler(async ({ input }) => ({
        count: await application.clear(input.batchIds),
      })),
    },
    files: {
      get: os.files.get.handler(({ input }) => jobs.file(input.fileId)),
      cancel: os.files.cancel.handler(({ input }) => application.cancelFiles(input.fileIds).then(() => done)),
      remove: os.files.remove.handler(async ({ input }) => ({
        count: await application.removeFiles(input.fileIds),
      })),
      prioritise: os.files.prioritise.handler(({ input }) =>
        application.prioritise(input.fileIds).then(() => done),
      ),
      pause: os.files.pause.handler(({ input }) => application.pauseFiles(input.fileIds).then(() => done)),
      resume: os.files.resume.handler(({ input }) => application.resumeFiles(input.fileIds).then(() => done)),
    },
    uploads: {
      discard: os.uploads.discard.handler(({ input }) =>
        application.discardUploads(input.ids).then(() => done),
      ),
    },
    engine: {
      reset: os.engine.reset.handler(() => {
        services.engine.reset();
        return done;
      }),
    },
    events: os.events.handler(({ signal }) => services.events.read(signal ?? new AbortController().signal)),
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      set: os.settings.set.handler(({ input }) => settings.set(input)),
    },
  });
}

function travelling(error: unknown): unknown {
  if (!(error instanceof EnlargerError)) return error;
  const data = error.toJSON();
  return new ORPCError(ENLARGER_ERROR, { status: 422, message: error.message, data });
}

function capabilitiesOf({ services }: Application, abilities: ShellAbilities): Capabilities {
  const { shell, places } = services;
  const { root, uploads } = places;
  return {
    shell,
    platform: process.platform,
    ...describeMachine(),
    ...abilities,
    ...(root ? { root: root.path } : {}),
    ...(uploads ? { uploads: uploads.limits } : {}),
  };
}

function modelOf({ manifest }: RegisteredModel): Model {
  const { id, title, description, task, scale, licence, variants } = manifest;
  return {
    ...{ id, title, description, task, scale, licence },
    variants: variants.map((variant) => ({ id: variant.id, bytes: variant.entries[0]?.bytes ?? 0 })),
  };
}

function expectRoot<T>(root: T | undefined): T {
  if (root !== undefined) return root;
  throw new EnlargerError('not-found', "No folder is open. Start Enlarger with 'serve --root <folder>'.");
}
