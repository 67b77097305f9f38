import { inputArea, outputSize } from '../../shared/network-geometry.ts';
import type { SessionSpec } from '../../shared/plan.ts';
import type { Rect } from '../../shared/tiles.ts';
import { sampleBytes } from '../codec/vips-frame.ts';
import { blendedBytes } from '../inference/seams.ts';
import { isPlain, layoutOf } from '../inference/tensor-layout.ts';
import { tileNetworkOf } from '../inference/tile-network.ts';
import { addCopied, type Frame } from './frames.ts';

const COLOURS = 3;

/** Adds what was copied so that the network could compute the tiles `rects` (docs/architecture.md). */
export function countCopies(
  { context, decoded, memory }: Frame,
  spec: SessionSpec,
  rects: readonly Rect[],
): void {
  const network = tileNetworkOf(context.job.plan);
  const tensor = layoutOf(spec, network.network);
  const areas = rects.map((rect) => inputArea(rect, network));
  const padded = pixelsOf(areas);
  const sample = sampleBytes(decoded);
  addCopied(context, 'gather', padded * COLOURS * sample);
  // A network of one channel is given each colour by itself.
  const value = tensor.dtype === 'uint8' ? 1 : 4;
  const values = Math.max(COLOURS, tensor.channels) * value;
  if (decoded.deep || !isPlain(tensor)) addCopied(context, 'convert', padded * values);
  // ONNX Runtime hands its output over as a copy, in the type of the entry.
  addCopied(context, 'runtime', pixelsOf(areas.map((area) => outputSize(area, network))) * values);
  const result = decoded.width * decoded.height * network.scale ** 2;
  addCopied(context, 'scatter', result * COLOURS * sample);
  if (memory.seams) addCopied(context, 'blend', blendedBytes(memory.seams, rects, network.scale));
}

function pixelsOf(areas: readonly { width: number; height: number }[]): number {
  return areas.reduce((sum, { width, height }) => sum + width * height, 0);
}
