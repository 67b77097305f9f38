import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { asEnlargerError } from '../../shared/errors.ts';
import type { ModelFindings } from '../../shared/probing.ts';
import { type OnnxModel, writeModel } from '../quantisation/onnx-model.ts';
import { changeOutput, type OutputChange } from './boundary.ts';
import type { OrderFinding } from './channel-order.ts';
import type { Expense } from './expense.ts';
import { refusal } from './refusal.ts';
import { scene } from './scene.ts';
import type { Sized } from './size-rule.ts';
import { Trial } from './trial.ts';
import { type RangeFinding, sameRange, sizeOf } from './value-range.ts';

/** Transposes between [1, channels, height, width] and [1, height, width, channels]. */
const TO = { NHWC: [0, 2, 3, 1], NCHW: [0, 3, 1, 2] } as const;

interface Converted {
  model: OnnxModel;
  sized: Sized;
  trial: { expense: Expense };
  changed: boolean;
}

interface Writing {
  range: RangeFinding;
  order: OrderFinding;
  temporary: string;
  file: string;
  /** The bytes of the network, where some of them lay in other files. */
  whole?: Uint8Array;
}

/**
 * Writes the network to `temporary` if it was changed, or if its result must be changed to be like what it takes: in layout, in range, in
 * the order of channels. Tries it before. Writes it as it is if it lay in several files. Undefined if the file can be used as it is.
 */
export async function writeConverted(
  { model, sized, changed, trial }: Converted,
  { range, order, temporary, file, whole }: Writing,
): Promise<ModelFindings['converted']> {
  const change = changeOf(sized, range, order);
  if (!changed && Object.keys(change).length === 0) return whole && written(whole, temporary);
  const { feeding } = sized;
  if (Object.keys(change).length > 0) changeOutput(model, feeding.output, change);
  const bytes = writeModel(model);
  await using tried = await Trial.open(bytes, file, trial.expense);
  const picture = scene({ ...sizeOf(sized), channels: feeding.channels });
  const made = await tried.run(picture, { ...feeding, resultLayout: feeding.layout });
  if (!made) throw refusal(file, [`what it gives cannot be converted: ${tried.failure}`]);
  return written(bytes, temporary);
}

async function written(
  bytes: Uint8Array,
  temporary: string,
): Promise<NonNullable<ModelFindings['converted']>> {
  await writeFile(temporary, bytes, { flag: 'wx' }).catch((error: unknown) => {
    throw asEnlargerError(error, 'permission-denied', { file: temporary });
  });
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

function changeOf(
  { feeding }: Sized,
  { range, result }: RangeFinding,
  { reversed }: OrderFinding,
): OutputChange {
  const { layout, resultLayout, channels } = feeding;
  const factor = (range[1] - range[0]) / (result[1] - result[0]);
  return {
    ...(layout === resultLayout ? {} : { order: TO[layout] }),
    ...(reversed ? { reversed: { axis: layout === 'NCHW' ? 1 : 3, channels } } : {}),
    ...(sameRange(range, result) ? {} : { affine: { factor, offset: range[0] - result[0] * factor } }),
  };
}
