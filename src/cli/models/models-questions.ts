import { createInterface } from 'node:readline';
import { InvalidArgumentError } from 'commander';
import { cancelledError } from '../../shared/errors.ts';
import { type ModelQuestion, questionIdSchema } from '../../shared/probing.ts';
import { printable } from '../output/printable.ts';

export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Takes `id=value` into `answers`. */
export function answering(text: string, answers: Record<string, string> = {}): Record<string, string> {
  const [, id, value] = /^([a-zA-Z]+)=(.+)$/s.exec(text) ?? [];
  const known = questionIdSchema.safeParse(id);
  if (known.success && value !== undefined) return { ...answers, [known.data]: value };
  throw new InvalidArgumentError(
    `Expected id=value, the id being one of: ${questionIdSchema.options.join(', ')}.`,
  );
}

/**
 * Asks what only the user can know, one question after the other. Resolves to the answers by the ids of their questions;
 * an empty line is the default, and so is the end of the input.
 */
export async function askQuestions(
  questions: readonly ModelQuestion[],
  { input, output }: Terminal,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  // Not as a terminal: Ctrl-C is to reach this program, and not to be a key among others.
  const lines = createInterface({ input, terminal: false, signal });
  const read = lines[Symbol.asyncIterator]();
  const answers: Record<string, string> = {};
  try {
    for (const question of questions) {
      output.write(choicesOf(question));
      const usual = 1 + question.choices.findIndex(({ value }) => value === question.default);
      let answer: string | undefined;
      while (answer === undefined) {
        output.write(`  Which? [${usual}] `);
        const { value: line } = await read.next();
        if (signal.aborted) throw cancelledError();
        answer = answerIn(question, (line ?? '').trim());
      }
      answers[question.id] = answer;
    }
    return answers;
  } finally {
    lines.close();
  }
}

function choicesOf({ text, choices }: ModelQuestion): string {
  const lines = choices.map(({ label }, index) => `  ${index + 1}  ${printable(label)}\n`);
  return `${printable(text)}\n${lines.join('')}`;
}

/** The value that a line chooses, by its number or by itself. */
function answerIn(question: ModelQuestion, line: string): string | undefined {
  if (line === '') return question.default;
  const chosen = question.choices.find(({ value }, index) => line === value || line === String(index + 1));
  return chosen?.value;
}
