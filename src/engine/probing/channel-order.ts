import type { Certainty } from '../../shared/probing.ts';
import type { OnnxModel } from '../quantisation/onnx-model.ts';
import { smallConstants } from './graph-constants.ts';
import { knownMean } from './known-means.ts';
import { difference, likeness } from './likeness.ts';
import { scene } from './scene.ts';
import type { Sized } from './size-rule.ts';
import type { Trial } from './trial.ts';
import { sizeOf, type ValueRange } from './value-range.ts';

/** How much nearer the reversed channels must be. */
const CLEARLY = 0.5;

export interface OrderFinding {
  order: 'RGB' | 'BGR';
  certain: Certainty;
  /** The result's channels are the other way round than the source's. */
  reversed: boolean;
  /** Whether something speaks for an order without deciding it. */
  doubtful: boolean;
}

/** Finds out in which order a network takes and gives its channels. */
export async function learnOrder(
  trial: Trial,
  sized: Sized,
  result: ValueRange,
  model: OnnxModel,
): Promise<OrderFinding> {
  const { feeding, rule } = sized;
  if (feeding.channels === 1) return { order: 'RGB', certain: 'read', reversed: false, doubtful: false };
  const source = scene({ ...sizeOf(sized), channels: feeding.channels });
  const made = await trial.run(source, feeding);
  const table = made && likeness(source, made, rule, (raw) => (raw - result[0]) / (result[1] - result[0]));
  const reversed = table !== undefined && isReversed(table);
  const known = knownMean(smallConstants(model).values())?.order;
  if (known) return { order: known, certain: 'read', reversed, doubtful: reversed };
  // What takes and gives different orders mostly takes that of OpenCV.
  return { order: reversed ? 'BGR' : 'RGB', certain: 'assumed', reversed, doubtful: reversed };
}

function isReversed(table: readonly (readonly number[])[]): boolean {
  const own = difference(table);
  const other = difference(table.map((row) => [...row].reverse()));
  return other < CLEARLY * own;
}
