import type { Certainty, ModelFindings, ModelQuestion } from '../../shared/probing.ts';
import type { OnnxModel } from '../quantisation/onnx-model.ts';
import type { OrderFinding } from './channel-order.ts';
import { countParameters } from './count-parameters.ts';
import type { GraphFacts } from './graph-facts.ts';
import { guessTask } from './guess-task.ts';
import type { FieldFinding } from './receptive-field.ts';
import type { Sized } from './size-rule.ts';
import type { StrengthFinding } from './strength.ts';
import type { RangeFinding, ValueRange } from './value-range.ts';

interface Found {
  /** As the file has it. */
  model: OnnxModel;
  /** Whether its weights lay in other files. */
  inlined: boolean;
  facts: GraphFacts;
  sized: Sized;
  range: RangeFinding;
  order: OrderFinding;
  strength: StrengthFinding | undefined;
  field: FieldFinding;
  /** Levels of eight bits by which tiles were seen to differ. */
  seam: number | undefined;
  /** Width and height. */
  tile: [number, number];
}

/** Puts together what was found out. */
export function describe(file: string, found: Found): ModelFindings {
  const { model, facts, sized, range, order, strength, field, tile } = found;
  const { feeding, rule } = sized;
  const { layout, channels } = feeding;
  const { scale, trim, multiple, fixed } = rule;
  const { task, question } = guessTask(file, { scale, channels, fixed });
  const readChannels: Certainty =
    facts.picture.dims[layout === 'NCHW' ? 1 : 3] === undefined ? 'measured' : 'read';
  return {
    task,
    scale,
    receptiveRadius: field.radius,
    exact: field.exact,
    padding: trim === 0 ? 'same' : trim === field.radius * scale ? 'valid' : trim,
    layout,
    channelOrder: order.order,
    channels,
    multiple,
    ...(fixed ? { fixed: [...fixed] as [number, number] } : {}),
    input: feeding.input,
    output: feeding.output,
    ...(strength ? { strength: strength.strength } : {}),
    dtype: feeding.dtype,
    range: [...range.range] as [number, number],
    tile: { cpu: tile },
    parameters: countParameters(model),
    certain: {
      task: 'assumed',
      scale: 'measured',
      receptiveRadius: 'measured',
      exact: 'measured',
      padding: 'measured',
      layout: readChannels,
      channelOrder: order.certain,
      channels: readChannels,
      multiple: 'measured',
      ...(fixed ? { fixed: facts.picture.dims.includes(fixed[0]) ? 'read' : 'measured' } : {}),
      input: 'read',
      output: 'read',
      ...(strength ? { strength: strength.measured ? 'measured' : 'assumed' } : {}),
      dtype: 'read',
      range: range.certain,
      tile: 'measured',
      parameters: 'read',
    },
    questions: [question, rangeQuestion(range), orderQuestion(order), strength?.question].filter(
      (each) => each !== undefined,
    ),
    notes: notesOf(found),
  };
}

const nameOf = ([black, white]: ValueRange): string => `${black}..${white}`;

function rangeQuestion({ range, possible }: RangeFinding): ModelQuestion | undefined {
  if (possible.length < 2) return undefined;
  return {
    id: 'range',
    text: 'Which values does the network take for black and white?',
    choices: possible.map((each) => ({
      value: nameOf(each),
      label: `${each[0]} for black, ${each[1]} for white`,
      changes: { range: [...each] as [number, number] },
    })),
    default: nameOf(range),
  };
}

function orderQuestion({ order, doubtful }: OrderFinding): ModelQuestion | undefined {
  if (!doubtful) return undefined;
  return {
    id: 'channelOrder',
    text: 'In which order does the network take the colours?',
    choices: [
      { value: 'RGB', label: 'Red first, as most do', changes: { channelOrder: 'RGB' } },
      { value: 'BGR', label: 'Blue first, as those made with OpenCV do', changes: { channelOrder: 'BGR' } },
    ],
    default: order,
  };
}

function notesOf({ inlined, range, order, strength, field, seam = 0, sized: { rule } }: Found): string[] {
  const notes: [boolean, string][] = [
    [inlined, 'The weights lie in a file beside the network: a model of it has them inside, as one file.'],
    [seam > 0.5, `Neighbouring tiles may differ: by up to ${seam.toFixed(1)} of 255 levels in a trial.`],
    [
      !range.alike,
      'What the network makes of the built-in picture does not look like it: look closely at a first result.',
    ],
    [
      range.alike && range.range !== range.result,
      'The network gives values in another range than it takes them: they are converted.',
    ],
    [
      order.reversed,
      'The network gives its colours in another order than it takes them: they are put in order.',
    ],
    [
      strength?.works === false,
      'The number that the network takes beside the picture changed nothing in a trial.',
    ],
    [
      field.global,
      'The network looks at the whole of what it is given: tiles may differ a little in brightness or colour.',
    ],
    [
      rule.fixed !== undefined,
      `The network takes only pictures of ${rule.fixed?.join(' × ')} pixels: larger ones are done in tiles of that size.`,
    ],
  ];
  return notes.filter(([holds]) => holds).map(([, note]) => note);
}
