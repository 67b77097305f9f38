import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ModelStore } from '../../main/models/store/model-store.ts';
import type { ModelChange } from '../../shared/contract/models.ts';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { manifestSchema } from '../../shared/models.ts';
import type { ModelFindings } from '../../shared/probing.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { printable, printableJson } from '../output/printable.ts';
import { interruptible } from '../run-options.ts';
import { modelObject } from './models-object.ts';
import { answering, askQuestions } from './models-questions.ts';
import { named, openStore } from './models-store.ts';
import { valueForKey } from './models-values.ts';

interface Flags {
  id?: string;
  title?: string;
  licence?: string;
  scale?: ModelChange;
  range?: ModelChange;
  layout?: ModelChange['layout'];
  order?: ModelChange['channelOrder'];
  task?: ModelChange['task'];
  answer?: Record<string, string>;
  yes?: true;
  json?: true;
}

/** Adds `models add`, which makes models of ONNX files. */
export function addModelsAdd(models: Command, exit: (code: number) => void): void {
  models
    .command('add')
    .description('make models of ONNX files; what is not said is found out, and what cannot be is asked')
    .argument('<files...>', 'ONNX files; they are copied')
    .option('--id <id>', 'what --model takes (default: made of the name of the file)', id)
    .option('--title <title>', 'what people read')
    .option('--licence <licence>', 'the licence of the weights')
    .option('--scale <factor>', 'how many times larger results are', (text) => valueForKey('scale', text))
    .option('--range <from..to>', 'values of black and white, such as 0..1, 0..255 or -1..1', (text) =>
      valueForKey('range', text),
    )
    .addOption(new Option('--layout <layout>', 'where the channels are').choices(['NCHW', 'NHWC']))
    .addOption(new Option('--order <order>', 'how channels follow each other').choices(['RGB', 'BGR']))
    .addOption(new Option('--task <task>', 'what it does').choices(manifestSchema.shape.task.options))
    .option(
      '--answer <id=value>',
      'answers one of its questions, such as strength=upwards; may be repeated',
      answering,
    )
    .option('--yes', 'ask nothing: take what is usual', false)
    .option('--json', 'one JSON object a line instead of words')
    .action(async (files: string[], flags: Flags) =>
      exit(await interruptible((signal) => addAll(files, flags, signal))),
    );
}

async function addAll(files: readonly string[], flags: Flags, signal: AbortSignal): Promise<number> {
  if (files.length > 1 && (flags.id !== undefined || flags.title !== undefined)) {
    throw new EnlargerError('bad-argument', '--id and --title are for one file. Add the files one by one.');
  }
  const warn = (message: string) => process.stderr.write(`✗ ${printable(message)}\n`);
  await using opened = await openStore(warn);
  let done = 0;
  for (const file of files) {
    try {
      await addOne(opened.store, file, flags, signal);
      done += 1;
    } catch (error) {
      if (signal.aborted || (files.length === 1 && !flags.json)) throw error;
      const failure = asEnlargerError(error, 'internal', { file });
      if (flags.json) write(printableJson({ event: 'failed', file, error: failure.toJSON() }));
      else warn(failure.message);
    }
  }
  return exitCodeOf({ done, failed: files.length - done, skipped: 0, cancelled: 0 });
}

async function addOne(store: ModelStore, file: string, flags: Flags, signal: AbortSignal): Promise<void> {
  const change = changeOf(flags);
  const { findings } = await store.examine(named(file), signal);
  const given = flags.answer ?? {};
  const questions = findings.questions.filter(({ id }) => !(id in change) && !(id in given));
  const terminal = process.stdin.isTTY && process.stdout.isTTY && !flags.json && !flags.yes;
  if (terminal && questions.length > 0) write(printable(file));
  const asked = terminal
    ? await askQuestions(questions, { input: process.stdin, output: process.stdout }, signal)
    : {};
  const said = {
    ...(flags.id === undefined ? {} : { id: flags.id }),
    answers: { ...asked, ...given },
    change,
  };
  const model = await store.add(named(file), said, signal);
  const assumed = terminal ? [] : questions;
  if (flags.json) {
    const taken = assumed.map(({ id, default: value }) => ({ question: id, answer: value }));
    write(printableJson({ event: 'added', file, model: modelObject(model), assumed: taken }));
    return;
  }
  const { id, title, description } = model.manifest;
  write(`✓ ${printable(`${id}  ${title}. ${description}`)}`);
  for (const line of [...findings.notes, ...assumed.map((question) => assumption(question, id))]) {
    write(`  ${printable(line)}`);
  }
}

/** What was taken of a question that nobody answered. */
function assumption(question: ModelFindings['questions'][number], id: string): string {
  const taken = question.choices.find(({ value }) => value === question.default);
  const values = question.choices.map(({ value }) => value).join(', ');
  // `--set strength` says how strong it is, and not what the network's number means.
  const advice =
    question.id === 'strength'
      ? `enlarger models remove ${id}, and add it again with --answer strength=… (one of: ${values})`
      : `enlarger models edit ${id} --set ${question.id}=…`;
  return `${question.text} Taken: ${taken?.label ?? question.default}. If that is wrong: ${advice}`;
}

function changeOf({ title, licence, scale, range, layout, order, task }: Flags): ModelChange {
  return {
    ...scale,
    ...range,
    ...(title === undefined ? {} : { title }),
    ...(licence === undefined ? {} : { licence }),
    ...(layout === undefined ? {} : { layout }),
    ...(order === undefined ? {} : { channelOrder: order }),
    ...(task === undefined ? {} : { task }),
  };
}

function id(text: string): string {
  if (manifestSchema.shape.id.safeParse(text).success) return text;
  throw new InvalidArgumentError('Expected lower-case letters, digits and -.');
}

const write = (line: string) => process.stdout.write(`${line}\n`);
