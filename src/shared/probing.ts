import { z } from 'zod';
import { manifestSchema, rangeSchema } from './models.ts';
import { networkSchema } from './network.ts';

/** What is found out about a network that nobody has described: everything of a manifest that it shows by itself. */

const { task, scale, receptiveRadius, padding, tile, parameters } = manifestSchema.shape;
// A manifest has defaults; findings say everything.
const { layout, channelOrder, channels, multiple, fixed, strength } = networkSchema.shape;

/** How a finding came about: by running the network, from what its file says, or because it is usual. */
const certaintySchema = z.enum(['measured', 'read', 'assumed']);

/** The parts of a manifest that are found out. Fields mean what they mean there. */
const foundSchema = z.strictObject({
  task,
  scale,
  receptiveRadius,
  exact: z.boolean(),
  padding,
  layout,
  channelOrder,
  channels,
  multiple,
  fixed,
  /** The graph's input and output for the picture. */
  input: z.string().min(1),
  output: z.string().min(1),
  strength,
  /** Of the one entry. */
  dtype: z.enum(['uint8', 'float32']),
  range: rangeSchema,
  tile,
  parameters,
});

const choiceSchema = z.strictObject({
  /** What answers name it. */
  value: z.string(),
  /** What people read. */
  label: z.string(),
  /** What this answer changes of the findings. */
  changes: foundSchema.partial(),
});

export const questionIdSchema = z.enum(['range', 'channelOrder', 'task', 'strength']);

const questionSchema = z.strictObject({
  id: questionIdSchema,
  /** A sentence for people. */
  text: z.string(),
  choices: z.array(choiceSchema).min(2),
  /** The `value` of the choice that the findings follow. */
  default: z.string(),
});

const fileSchema = z.strictObject({ sha256: z.string(), bytes: z.int().positive() });

export const findingsSchema = foundSchema.extend({
  /** How sure each finding is; the names are those of the findings that are there. */
  certain: z.partialRecord(foundSchema.keyof(), certaintySchema),
  /** What only the user can know. The findings follow the defaults. */
  questions: z.array(questionSchema),
  /** What else is worth knowing, as sentences. */
  notes: z.array(z.string()),
  /** The file that was written to `temporary`, and that the findings are about; absent where they are about the given one. */
  converted: fileSchema.optional(),
});

export const examineModelSchema = z.object({
  /** An ONNX file. */
  file: z.string(),
  /** What its user calls it: names tell what networks are for. That of `file` where absent. */
  name: z.string().optional(),
  /** Where files may lie that it keeps weights in; where absent, it must have them inside. */
  folder: z.string().optional(),
  /** Where a converted file is written, if one is needed; not there before. */
  temporary: z.string(),
  /** What was found out of the same file before, with `converted`: only the conversion is done again. */
  known: findingsSchema.optional(),
});

export type ModelFindings = z.infer<typeof findingsSchema>;
export type ModelQuestion = z.infer<typeof questionSchema>;
export type Certainty = z.infer<typeof certaintySchema>;
