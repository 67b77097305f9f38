import { basename } from 'node:path';
import type { ModelFindings, ModelQuestion } from '../../shared/probing.ts';

type Task = ModelFindings['task'];

const FACES = /gfpgan|codeformer|restoreformer|gpen|faces?(?![a-z])/i;
/** Sides of the squares that networks for faces take. */
const FACE_SIDES = [256, 512, 1024];
/** That of the best-known ones, and of hardly anything else. */
const FACE_SIDE = 512;

const LABELS = {
  upscale: 'Enlarges pictures',
  restore: 'Improves pictures without enlarging them',
  'face-restore': 'Restores single faces, cut out and upright',
};

/** What a network is for, as far as its size and its name tell, and the question where they do not. */
export function guessTask(
  file: string,
  {
    scale,
    fixed,
    channels,
  }: Pick<ModelFindings, 'scale' | 'channels'> & { fixed: readonly [number, number] | undefined },
): { task: Task; question: ModelQuestion | undefined } {
  if (scale > 1) return { task: 'upscale', question: undefined };
  const square = fixed && fixed[0] === fixed[1] && FACE_SIDES.includes(fixed[0]) && channels === 3;
  if (!square) return { task: 'restore', question: undefined };
  const task = FACES.test(basename(file)) || fixed[0] === FACE_SIDE ? 'face-restore' : 'restore';
  return {
    task,
    question: {
      id: 'task',
      text: `The network takes only squares of ${fixed[0]} pixels, as networks for faces do. What is it for?`,
      choices: (['restore', 'face-restore'] as const).map((value) => ({
        value,
        label: LABELS[value],
        changes: { task: value },
      })),
      default: task,
    },
  };
}
