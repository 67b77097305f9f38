import { implement, ORPCError } from '@orpc/server';
import { contract } from '../../shared/contract/contract.ts';
import { ENLARGER_ERROR } from '../../shared/contract/error.ts';
import { type Capabilities, CONTRACT_VERSION } from '../../shared/contract/shell.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { VERSION } from '../../shared/version.ts';
import type { Application } from '../application/application.ts';
import { warmUp } from '../application/warm-up.ts';
import { describeMachine } from '../machine.ts';
import { listDevices } from './device-answer.ts';
import { modelOf } from './model-answer.ts';
import { SystemAnswers } from './system-answers.ts';
import type { SystemCalls } from './system-calls.ts';

export type EnlargerRouter = ReturnType<typeof createRouter>;

/**
 * The contract over an application: each call handed to a service, each error made one that travels. `system` is what a
 * shell with a window has around it.
 */
export function createRouter(application: Application, system?: SystemCalls) {
  const { services } = application;
  const ofSystem = new SystemAnswers(services, system);
  const { jobs, queue, settings, places, userModels } = services;
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
    capabilities: os.capabilities.handler(() => capabilitiesOf(application, system !== undefined)),
    models: {
      list: os.models.list.handler(async () => {
        // Where folders cannot be watched, nobody else would say what has changed.
        await services.models.refresh();
        return [...services.models.models.values()].map((model) => modelOf(model, services.speeds));
      }),
      warmUp: os.models.warmUp.handler(({ input }) => warmUp(input, services).then(() => done)),
      examine: os.models.examine.handler(({ input, signal }) => userModels.examine(input.source, signal)),
      add: os.models.add.handler(async ({ input: { source, ...said }, signal }) =>
        modelOf(await userModels.add(source, said, signal), services.speeds),
      ),
      change: os.models.change.handler(async ({ input, signal }) =>
        modelOf(await userModels.change(input.id, input.change, signal), services.speeds),
      ),
      remove: os.models.remove.handler(({ input }) => userModels.remove(input.id).then(() => done)),
    },
    devices: {
      list: os.devices.list.handler(({ input }) => listDevices(input, services)),
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
      retry: os.files.retry.handler(async ({ input }) => ({
        count: await application.retryFiles(input.fileIds),
      })),
      prioritise: os.files.prioritise.handler(({ input }) =>
        application.prioritise(input.fileIds).then(() => done),
      ),
      pause: os.files.pause.handler(({ input }) => application.pauseFiles(input.fileIds).then(() => done)),
      resume: os.files.resume.handler(({ input }) => application.resumeFiles(input.fileIds).then(() => done)),
      look: os.files.look.handler(({ input }) => {
        application.look(input.fileId, input.point);
        return done;
      }),
      reveal: os.files.reveal.handler(({ input }) => ofSystem.reveal(input.fileId).then(() => done)),
      dragOut: os.files.dragOut.handler(({ input }) => ofSystem.dragOut(input.fileIds).then(() => done)),
    },
    pick: {
      pictures: os.pick.pictures.handler(() => ofSystem.pictures()),
      folders: os.pick.folders.handler(() => ofSystem.folders()),
      out: os.pick.out.handler(() => ofSystem.out()),
      recentOuts: os.pick.recentOuts.handler(() => ofSystem.recentOuts()),
    },
    offers: {
      take: os.offers.take.handler(({ input }) => services.events.takeOffer(input.id)),
    },
    exports: {
      create: os.exports.create.handler(({ input }) => services.exports.create(input)),
      cancel: os.exports.cancel.handler(({ input }) => services.exports.cancel(input.id).then(() => done)),
      reveal: os.exports.reveal.handler(({ input }) => {
        ofSystem.revealExport(input.id);
        return done;
      }),
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
    metrics: os.metrics.handler(({ signal }) =>
      services.metrics.read(signal ?? new AbortController().signal),
    ),
    settings: {
      get: os.settings.get.handler(() => settings.get()),
      set: os.settings.set.handler(({ input }) => settings.set(input)),
    },
    catalogue: {
      list: os.catalogue.list.handler(() => services.catalogue.list()),
      download: os.catalogue.download.handler(({ input }) => services.catalogue.download(input)),
      cancel: os.catalogue.cancel.handler(({ input }) => services.catalogue.cancel(input).then(() => done)),
    },
  });
}

function travelling(error: unknown): unknown {
  if (!(error instanceof EnlargerError)) return error;
  const data = error.toJSON();
  return new ORPCError(ENLARGER_ERROR, { status: 422, message: error.message, data });
}

function capabilitiesOf({ services }: Application, withSystem: boolean): Capabilities {
  const { shell, places } = services;
  const { root, uploads } = places;
  return {
    shell,
    platform: process.platform,
    ...describeMachine(),
    canPickFolders: withSystem,
    canDragOut: withSystem,
    canReveal: withSystem,
    ...(root ? { root: root.path } : {}),
    ...(uploads ? { uploads: uploads.limits } : {}),
  };
}

function expectRoot<T>(root: T | undefined): T {
  if (root !== undefined) return root;
  throw new EnlargerError('not-found', "No folder is open. Start Enlarger with 'serve --root <folder>'.");
}
