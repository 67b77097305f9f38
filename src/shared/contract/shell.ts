import { z } from 'zod';
import { manifestSchema, rangeSchema, variantIdSchema } from '../models.ts';

/** Raised with every change that an older page would not understand. */
export const CONTRACT_VERSION = 4;

export const greetingSchema = z.object({
  /** `CONTRACT_VERSION` of the main process; a page that has another one asks to be loaded again. */
  protocol: z.int(),
  /** Version of Enlarger. */
  version: z.string(),
});

/** What this shell can do on this machine: what it cannot, the page does not offer. */
export const capabilitiesSchema = z.object({
  shell: z.enum(['desktop', 'web']),
  /** As Node names it: `linux`, `darwin`, `win32`. */
  platform: z.string(),
  processor: z.string(),
  cores: z.int(),
  /** Bytes; the container's limit where there is one. */
  memory: z.number(),
  /** Absolute path of the folder that may be browsed; absent where none is. */
  root: z.string().optional(),
  /** Folders and files can be picked in a dialog of the system (`pick`). */
  canPickFolders: z.boolean(),
  /** Results can be dragged out of the window. */
  canDragOut: z.boolean(),
  /** Results can be shown in the system's file manager. */
  canReveal: z.boolean(),
  /** Present where files are uploaded: how many bytes a picture may have, a model, and all of them together. */
  uploads: z
    .object({ bytesPerFile: z.number(), bytesPerModel: z.number(), bytesInAll: z.number() })
    .optional(),
});

export const modelSchema = manifestSchema
  .pick({
    ...{ id: true, title: true, description: true, task: true, scale: true, licence: true, source: true },
    ...{ receptiveRadius: true, exact: true, channels: true, channelOrder: true, parameters: true },
  })
  .extend({
    /** Whether it came with Enlarger, or was added by its user, who may change and remove it. */
    origin: z.enum(['shipped', 'added']),
    /** Of all its files together. */
    bytes: z.int(),
    /** Values of black and white, where it takes floats. */
    range: rangeSchema.optional(),
    /** 0..1: the strength where nobody chose one; absent where none can be chosen. */
    strength: z.number().optional(),
    variants: z.array(z.object({ id: variantIdSchema, bytes: z.int() })),
    /** Source megapixels a second, as last measured on this machine; null before the first time. */
    speed: z.number().nullable(),
  });

export const folderSchema = z.object({
  /** Relative to the root, with `/`; '' is the root. */
  path: z.string(),
  /** The folder around it; null for the root. */
  parent: z.string().nullable(),
  /** Folders first, then pictures, then ONNX files, each kind by name. */
  entries: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('folder'), name: z.string(), path: z.string() }),
      z.object({ kind: z.literal('picture'), name: z.string(), path: z.string(), bytes: z.int() }),
      z.object({ kind: z.literal('model'), name: z.string(), path: z.string(), bytes: z.int() }),
    ]),
  ),
  /** Entries that were left out because there are too many. */
  left: z.int(),
});

export type Capabilities = z.infer<typeof capabilitiesSchema>;
export type Model = z.infer<typeof modelSchema>;
export type Folder = z.infer<typeof folderSchema>;
