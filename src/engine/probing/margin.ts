import type { OnnxModel } from '../quantisation/onnx-model.ts';
import { differenceOfTiles } from './alignment.ts';
import { type FieldFinding, learnField } from './receptive-field.ts';
import type { Sized } from './size-rule.ts';
import type { Trial } from './trial.ts';
import type { ValueRange } from './value-range.ts';

/** Levels of eight bits that rounding may make tiles differ by. */
const SEAM = 0.05;
/** Levels that may be seen. */
const VISIBLE = 0.5;
/** Margins that are tried where tiles differ, and how much smaller the difference must become. */
const WIDER = [16, 32, 64];
const WORTH = 0.8;

/** The margin, and the levels of eight bits that tiles were seen to differ by with it. */
export async function learnMargin(
  trial: Trial,
  sized: Sized,
  model: OnnxModel,
  result: ValueRange,
  file: string,
): Promise<{ field: FieldFinding; seam: number | undefined }> {
  const field = await learnField(trial, sized, model, result, file);
  const seam = await differenceOfTiles(trial, sized, result, field.radius);
  if (seam === undefined || seam <= SEAM) return { field, seam };
  let best = { field: { ...field, exact: false }, seam };
  for (const radius of WIDER) {
    if (sized.rule.fixed || best.seam <= VISIBLE || radius <= field.radius) continue;
    const wider = await differenceOfTiles(trial, sized, result, radius);
    // What does not grow smaller does not come from the margin.
    if (wider !== undefined && wider < WORTH * best.seam) {
      best = { field: { ...field, radius, exact: false }, seam: wider };
    }
  }
  return best;
}
