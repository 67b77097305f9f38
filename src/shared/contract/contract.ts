import type { ContractRouterClient } from '@orpc/contract';
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { batchRecordSchema, fileRecordSchema } from '../jobs.ts';
import {
  batchIdSchema,
  batchListSchema,
  fileIdsSchema,
  fileListSchema,
  planSummarySchema,
  requestSchema,
} from './batches.ts';
import {
  downloadCancelSchema,
  downloadRequestSchema,
  downloadSchema,
  offeredModelsSchema,
} from './catalogue.ts';
import { deviceSchema, devicesRequestSchema } from './devices.ts';
import { ENLARGER_ERROR, errorDataSchema } from './error.ts';
import { eventSchema } from './events.ts';
import { exportRequestSchema, exportSchema } from './exports.ts';
import { offeredSchema } from './input.ts';
import { metricsSchema } from './metrics.ts';
import { addModelSchema, changeModelSchema, examinedSchema, examineSchema, modelIdSchema } from './models.ts';
import { recipeSchema } from './recipe.ts';
import { settingsChangeSchema, settingsSchema } from './settings.ts';
import { capabilitiesSchema, folderSchema, greetingSchema, modelSchema } from './shell.ts';

/** Every call may fail with an error of ours; `errorOf` makes it one again. */
const call = oc.errors({ [ENLARGER_ERROR]: { data: errorDataSchema } });
const done = z.object({});
const count = z.object({ count: z.int() });

/**
 * What a page can ask of the main process, the same in every shell. Data and commands only: pictures have addresses
 * (`mediaUrl`), uploads are posted (`uploadedSchema`). A change has been made durable when its call is answered, and
 * is told in `events` too.
 *
 * A page begins with `events`, then asks for what it shows: what changes in between is in the first messages.
 */
export const contract = {
  greeting: call.output(greetingSchema),
  capabilities: call.output(capabilitiesSchema),
  models: {
    list: call.output(z.array(modelSchema)),
    /** Loads what a batch of this recipe will need, so that its first picture need not wait. */
    warmUp: call.input(recipeSchema).output(done),
    /**
     * Finds out how an ONNX file is fed and read; that may take a minute. Leaves nothing behind. Fails with
     * `model-invalid` where it is no network for pictures, with `collision` where it has been added already.
     */
    examine: call.input(examineSchema).output(examinedSchema),
    /** Adds it, once it has enlarged a small picture; an upload is gone then. */
    add: call.input(addModelSchema).output(modelSchema),
    /** Of models that were added, once they enlarge a small picture so; else all stays as it was. */
    change: call.input(changeModelSchema).output(modelSchema),
    /** Of models that were added. Fails with `in-use` while a batch has use for it that is not over. */
    remove: call.input(modelIdSchema).output(done),
  },
  devices: {
    /** What networks may be computed on here, best first, the processor last. Nothing is tried. */
    list: call.input(devicesRequestSchema).output(z.array(deviceSchema)),
  },
  /** Lists a folder below the root, with pictures and models; '' is the root. Web shell with `--root` only, else `not-found`. */
  browse: call.input(z.object({ path: z.string().max(4096).default('') })).output(folderSchema),
  batches: {
    /** What `create` would do. Leaves nothing behind. */
    plan: call.input(requestSchema).output(planSummarySchema),
    /** Makes a batch and queues it; batches run one after the other. Files refused and skipped are in it, too. */
    create: call.input(requestSchema).output(batchRecordSchema),
    /** Newest first, those of other shells included. */
    list: call.input(batchListSchema).output(z.array(batchRecordSchema)),
    get: call.input(batchIdSchema).output(batchRecordSchema),
    /** By position. */
    files: call.input(fileListSchema).output(z.array(fileRecordSchema)),
    /** What is in work goes back into the queue, to be done from its beginning. */
    pause: call.input(batchIdSchema).output(done),
    /** Queues a batch that is paused, or was interrupted, behind those that wait. */
    resume: call.input(batchIdSchema).output(done),
    /** Stops it for good; what is done stays. */
    cancel: call.input(batchIdSchema).output(done),
    /** Queues again what failed, or was cancelled; `count` says how many files. */
    retry: call
      .input(
        batchIdSchema.extend({ failed: z.boolean().default(true), cancelled: z.boolean().default(false) }),
      )
      .output(count),
    /** Forgets these batches where they have ended, or all that have. Pictures stay, those in `kept` folders excepted. */
    clear: call.input(z.object({ batchIds: z.array(z.int()).max(10_000).optional() })).output(count),
  },
  files: {
    get: call.input(z.object({ fileId: z.int() })).output(fileRecordSchema),
    /** Stops them for good, also those in work. */
    cancel: call.input(fileIdsSchema).output(done),
    /** Forgets them where they are still queued; `count` says how many were. */
    remove: call.input(fileIdsSchema).output(count),
    /** Queues them again where they failed or were cancelled; `count` says how many were. */
    retry: call.input(fileIdsSchema).output(count),
    /** Puts them in front of all others of their batch. */
    prioritise: call.input(fileIdsSchema).output(done),
    /** Queued files that are passed over until they are resumed. */
    pause: call.input(fileIdsSchema).output(done),
    resume: call.input(fileIdsSchema).output(done),
    /** Where the user looks, in pixels of the result: its tiles are made first. Null: nowhere. */
    look: call
      .input(z.object({ fileId: z.int(), point: z.object({ x: z.number(), y: z.number() }).nullable() }))
      .output(done),
    /** Shows the result in the system's file manager. `canReveal` only. */
    reveal: call.input(z.object({ fileId: z.int() })).output(done),
    /** Begins a drag of these results out of the window, while the mouse is down. `canDragOut` only. */
    dragOut: call.input(fileIdsSchema).output(done),
  },
  /** Dialogs of the system, `canPickFolders` only. Nothing where the user thought better of it. */
  pick: {
    pictures: call.output(z.array(offeredSchema)),
    folders: call.output(z.array(offeredSchema)),
    out: call.output(offeredSchema.nullable()),
    /** Folders that results went to lately, the latest first. */
    recentOuts: call.output(z.array(offeredSchema)),
  },
  offers: {
    /** Hands the offer over to whoever asks first; empty for everybody else. */
    take: call.input(z.object({ id: z.int() })).output(z.array(offeredSchema)),
  },
  exports: {
    create: call.input(exportRequestSchema).output(exportSchema),
    cancel: call.input(z.object({ id: z.int() })).output(done),
    /** Shows the folder or the ZIP in the system's file manager. `canReveal` only. */
    reveal: call.input(z.object({ id: z.int() })).output(done),
  },
  uploads: {
    /** Removes uploads that no batch has; those of a batch go with it. */
    discard: call.input(z.object({ ids: z.array(z.uuid()).min(1).max(10_000) })).output(done),
  },
  engine: {
    /** Tries again after the engine was given up (`broken`). */
    reset: call.output(done),
  },
  /** What moves, as long as it is iterated. */
  events: call.output(eventIterator(eventSchema)),
  /** Every second, as long as it is iterated; the minute before it first. */
  metrics: call.output(eventIterator(metricsSchema)),
  settings: {
    get: call.output(settingsSchema),
    /** Answers with all settings as they are then. */
    set: call.input(settingsChangeSchema).output(settingsSchema),
  },
  /** Models that others offer. Nothing is fetched unless `download` is called. */
  catalogue: {
    list: call.output(offeredModelsSchema),
    /** Begins a download, or joins it; how it goes on is told in `events`. */
    download: call.input(downloadRequestSchema).output(downloadSchema),
    /** Answered once nothing of it goes on; removes what an earlier download has left, too, unless it is to be kept. */
    cancel: call.input(downloadCancelSchema).output(done),
  },
};

/** What oRPC's `createORPCClient` makes of a link to main. */
export type EnlargerClient = ContractRouterClient<typeof contract>;
