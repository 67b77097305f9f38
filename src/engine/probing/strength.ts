import type { StrengthInput } from '../../shared/network.ts';
import type { ModelQuestion } from '../../shared/probing.ts';
import { ELEMENT } from '../inference/element-types.ts';
import type { Slot } from './graph-facts.ts';
import { difference, likeness } from './likeness.ts';
import { scene } from './scene.ts';
import type { Sized } from './size-rule.ts';
import type { Feeding, Trial } from './trial.ts';
import { sizeOf, type ValueRange } from './value-range.ts';

/** What a network is given while nothing else is known; in the middle of what nearly all of them take. */
const MIDDLE = 0.5;
/** One result is nearer to the source than another if its difference is less by this share, and by this much of 0..1. */
const CLEARLY = { share: 0.1, least: 0.001 };

export interface StrengthFinding {
  strength: StrengthInput;
  measured: boolean;
  question: ModelQuestion;
  /** Whether the number changes anything. */
  works: boolean;
}

export function numberFeeding({ name, element, dims }: Slot): NonNullable<Feeding['number']> {
  const dtype = element === ELEMENT.float64 ? 'float64' : 'float32';
  return { name, dtype, dims: dims.map(() => 1 as const), value: MIDDLE };
}

/** Finds out which end of 0..1 is no strength: that whose result is nearer to what the network was given. */
export async function learnStrength(
  trial: Trial,
  sized: Sized,
  result: ValueRange,
): Promise<StrengthFinding | undefined> {
  const { feeding, rule } = sized;
  const { number } = feeding;
  if (!number) return undefined;
  const source = scene({ ...sizeOf(sized), channels: feeding.channels });
  const errors: number[] = [];
  const results: Float32Array[] = [];
  for (const value of [0, 1]) {
    if (!trial.expense.affords(source.width * source.height, 2 - value)) break;
    const made = await trial.run(source, { ...feeding, number: { ...number, value } });
    if (!made) break;
    results.push(made.data);
    errors.push(
      difference(likeness(source, made, rule, (raw) => (raw - result[0]) / (result[1] - result[0]))),
    );
  }
  const [none, full] = errors;
  const told =
    none !== undefined &&
    full !== undefined &&
    Math.abs(none - full) > Math.max(CLEARLY.least, CLEARLY.share * Math.max(none, full));
  const backwards = told && full < none;
  const [at0, at1] = results;
  const works = at0 === undefined || at1 === undefined || at0.some((value, at) => value !== at1[at]);
  const { name: input, dtype, dims } = number;
  const common = { input, dtype, dims: [...dims] };
  const upwards = { ...common, from: 0, to: 1, default: MIDDLE };
  const downwards = { ...common, from: 1, to: 0, default: MIDDLE };
  const constant = { ...common, from: MIDDLE, to: MIDDLE, default: MIDDLE };
  return {
    strength: backwards ? downwards : upwards,
    measured: told,
    works,
    question: {
      id: 'strength',
      text: `Besides the picture the network takes a number, "${input}". What does it do?`,
      choices: [
        {
          value: 'upwards',
          label: 'It is a strength: 0 is none, 1 is full.',
          changes: { strength: upwards },
        },
        {
          value: 'downwards',
          label: 'It is a strength the other way round: 1 is none, 0 is full.',
          changes: { strength: downwards },
        },
        {
          value: 'constant',
          label: `Something else: it always gets ${MIDDLE}.`,
          changes: { strength: constant },
        },
      ],
      default: backwards ? 'downwards' : 'upwards',
    },
  };
}
