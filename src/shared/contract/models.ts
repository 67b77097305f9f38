import { z } from 'zod';
import { manifestSchema, rangeSchema } from '../models.ts';
import { LARGEST_SIDE } from '../network.ts';
import { findingsSchema } from '../probing.ts';
import { inputSchema } from './input.ts';

const { id, title, description, licence, source, task, scale } = manifestSchema.shape;
const { receptiveRadius, padding, layout, channelOrder, fixed } = manifestSchema.shape;

/** As for a batch (recipe.ts): the tile of a network of one size may be smaller, and is found out. */
const tileSide = z.int().min(16).max(LARGEST_SIDE);

/** What may be said otherwise than it was found out; each is a field of the manifest (docs/model-format.md). */
export const modelChangeSchema = z
  .strictObject({
    title: title.max(200),
    description: description.max(2000),
    licence: licence.max(200),
    source: source.max(2000),
    task,
    scale,
    receptiveRadius,
    exact: z.boolean(),
    padding,
    layout,
    channelOrder,
    channels: manifestSchema.shape.channels.unwrap(),
    multiple: manifestSchema.shape.multiple.unwrap(),
    /** Null: any size. */
    fixed: fixed.unwrap().nullable(),
    /** Width and height of a tile on processors, in source pixels. */
    tile: z.tuple([tileSide, tileSide]),
    /** Values of black and white, of all entries that take floats. */
    range: rangeSchema,
    /** 0..1: the strength where nobody chose one, of a network that has one. */
    strength: z.number().min(0).max(1),
  })
  .partial();

/** What the user says of a file: nothing of it is needed. */
const saidSchema = z.object({
  /** Made of the file's name unless told. Throws `collision` where it is taken. */
  id: id.max(64).optional(),
  /** What is answered to the questions of the findings, by their ids; their defaults else. */
  answers: z.record(z.string(), z.string()).default({}),
  /** What goes before what was found, and before the answers. */
  change: modelChangeSchema.prefault({}),
});

export const examineSchema = z.object({ source: inputSchema });
export const addModelSchema = saidSchema.extend({ source: inputSchema });
export const changeModelSchema = z.object({ id: z.string(), change: modelChangeSchema });
export const modelIdSchema = z.object({ id: z.string() });

/** What was found out of a file, and the manifest that it would get if nothing more was said. */
export const examinedSchema = z.object({
  findings: findingsSchema,
  manifest: manifestSchema,
});

export type ModelChange = z.infer<typeof modelChangeSchema>;
/** As it may be given: everything has a default. */
export type SaidOfModel = z.input<typeof saidSchema>;
export type ExaminedModel = z.infer<typeof examinedSchema>;

/** Whether a file of this name is a model, and no picture. */
export function isModelFile(name: string): boolean {
  return /\.onnx$/i.test(name);
}

/** Whether a file of this name is what exporters call the weights of a model that lie beside it. */
export function isWeightsFile(name: string): boolean {
  return /\.onnx[._]data$/i.test(name);
}
