import type { ModelChange } from '../../shared/contract/models.ts';
import type { Model } from '../../shared/contract/shell.ts';

/** Ranges of values that networks commonly take. */
const RANGES = { unit: [0, 1], bytes: [0, 255], signed: [-1, 1] } as const;

export type RangeName = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as readonly RangeName[];

/** A model as its user would have it. */
export interface EditedModel {
  title: string;
  description: string;
  licence: string;
  source: string;
  task: Model['task'];
  /** In per cent; absent where the network has none. */
  strength?: number;
  /** `own`: none of the common ones. */
  range: 'own' | RangeName;
  order: Model['channelOrder'];
}

export function editedOf(model: Model): EditedModel {
  const { title, description, licence, source, task, channelOrder: order, strength, range } = model;
  return {
    ...{ title, description, licence, source, task, order },
    ...(strength === undefined ? {} : { strength: Math.round(strength * 100) }),
    range: range === undefined ? 'bytes' : rangeName(range),
  };
}

function rangeName([black, white]: NonNullable<Model['range']>): 'own' | RangeName {
  return RANGE_NAMES.find((name) => RANGES[name][0] === black && RANGES[name][1] === white) ?? 'own';
}

/** What is to be changed of `model`; nothing where it is as it was. */
export function changeOf(model: Model, edited: EditedModel): ModelChange {
  const change: ModelChange = {};
  const title = edited.title.trim();
  const licence = edited.licence.trim() || 'unknown';
  if (title !== model.title) change.title = title;
  if (edited.description.trim() !== model.description) change.description = edited.description.trim();
  if (licence !== model.licence) change.licence = licence;
  if (edited.source.trim() !== model.source) change.source = edited.source.trim();
  if (edited.task !== model.task) change.task = edited.task;
  const { strength } = edited;
  if (strength !== undefined && strength !== Math.round((model.strength ?? 0) * 100)) {
    change.strength = strength / 100;
  }
  const { range } = edited;
  if (range !== 'own' && range !== editedOf(model).range) {
    change.range = [...RANGES[range]];
  }
  if (edited.order !== model.channelOrder) change.channelOrder = edited.order;
  return change;
}
