import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { type ModelChange, modelChangeSchema } from '../../shared/contract/models.ts';

/** What `--set key=value`, and the options of `models add`, say of a model. */

const KEYS = Object.keys(modelChangeSchema.shape);

const NUMBER = String.raw`(-?\d+(?:\.\d+)?)`;
const PAIR = new RegExp(`^${NUMBER}\\s*(?:\\.\\.|[x,×])\\s*${NUMBER}$`);

/** Takes `key=value` into `change`. */
export function setting(text: string, change: ModelChange = {}): ModelChange {
  const [, key = '', value = ''] = /^([a-zA-Z]+)=(.*)$/s.exec(text) ?? [];
  if (!KEYS.includes(key)) {
    throw new InvalidArgumentError(`Expected key=value, the key being one of: ${KEYS.join(', ')}.`);
  }
  return { ...change, ...valueForKey(key, value) };
}

/** The value of one key, as it was typed. */
export function valueForKey(key: string, text: string): ModelChange {
  let reason = '';
  // A title of digits is a title: the text itself comes first.
  for (const value of [text, numbers(text)]) {
    const parsed = modelChangeSchema.safeParse({ [key]: value });
    if (parsed.success) return parsed.data;
    reason = z.prettifyError(parsed.error).split('\n')[0]?.replace(/^✖ /, '') ?? '';
  }
  throw new InvalidArgumentError(`${key}: ${reason}.`);
}

/** `0..255`, `-1..1`, `256x256` and `64` as numbers, `any` as null, `true` and `false`. */
function numbers(text: string): unknown {
  const [, first, second] = PAIR.exec(text.trim()) ?? [];
  if (first !== undefined && second !== undefined) return [Number(first), Number(second)];
  if (text === 'any') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() === '' ? text : Number(text);
}
