import { EnlargerError } from '../../../shared/errors.ts';
import { type ModelManifest, manifestSchema } from '../../../shared/models.ts';
import type { ModelFindings } from '../../../shared/probing.ts';

/** What no network shows by itself. */
export interface AboutModel {
  id: string;
  title: string;
  licence: string;
  source: string;
}

/** The one ONNX file of the model. */
interface Weights {
  file: string;
  sha256: string;
  bytes: number;
}

/** The manifest that describes what was found. */
export function proposeManifest(findings: ModelFindings, about: AboutModel, weights: Weights): ModelManifest {
  const { certain: _, questions: __, notes: ___, converted: ____, ...found } = findings;
  const { dtype, range, ...network } = found;
  return manifestSchema.parse({
    formatVersion: 1,
    ...about,
    description: describe(findings),
    ...network,
    variants: [{ id: 'fp32', entries: [{ dtype, range, ...weights }] }],
  });
}

/** The findings as they are with these answers, by the ids of their questions. Throws `bad-argument` for any other. */
export function answered(findings: ModelFindings, answers: Readonly<Record<string, string>>): ModelFindings {
  let found = findings;
  for (const [id, value] of Object.entries(answers)) {
    const question = findings.questions.find((asked) => asked.id === id);
    if (!question) {
      const asked = findings.questions.map((other) => other.id).join(', ') || 'nothing';
      throw new EnlargerError('bad-argument', `'${id}' is not asked of this model, but: ${asked}.`);
    }
    const choice = question.choices.find((offered) => offered.value === value);
    if (!choice) {
      const values = question.choices.map((offered) => offered.value).join(', ');
      throw new EnlargerError(
        'bad-argument',
        `'${value}' is no answer to '${id}'. Choose one of: ${values}.`,
      );
    }
    found = { ...found, ...(choice.changes as Partial<ModelFindings>) };
  }
  return found;
}

function describe({ task, scale }: ModelFindings): string {
  if (task === 'face-detect') return 'Finds faces.';
  const what =
    task === 'face-restore'
      ? 'Restores faces'
      : task === 'restore'
        ? 'Restores pictures'
        : 'Enlarges pictures';
  return scale === 1 ? `${what}.` : `${what} ${scale} times.`;
}
