import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestInput } from '../../shared/engine-protocol.ts';
import { trimOf } from '../../shared/network-geometry.ts';
import type { ModelFindings } from '../../shared/probing.ts';
import { readChecked } from '../inference/read-checked.ts';
import { type TileNetwork, tileNetworkOf } from '../inference/tile-network.ts';
import { examineModel } from '../probing/examine-model.ts';
import { hasHalves, widened } from '../probing/halves.ts';
import { readModel, writeModel } from './onnx-model.ts';
import type { PictureShape } from './picture-network.ts';

type Work = RequestInput<'quantise'>;

/**
 * The network that `work` is about, and how it takes pictures: as its manifest says, or as trying it shows. What computes in
 * half precision has become float32 then. Throws `model-invalid`, naming the file.
 */
export async function openShaped(
  work: Work,
  scratch: string,
): Promise<{ bytes: Uint8Array; shape: PictureShape }> {
  const bytes = await readChecked(
    { file: work.model, sha256: work.sha256 },
    { pictures: work.use !== undefined },
  );
  if (work.use) {
    const { dtype, range, ...use } = work.use;
    const shape = { ...withoutSurplus(tileNetworkOf(use)), dtype, ...(range ? { range } : {}) };
    return { bytes: inFloats(bytes), shape };
  }
  const temporary = join(scratch, 'float32.onnx');
  const givenUp = new Int32Array(1);
  try {
    const findings = await examineModel({ file: work.model, temporary, givenUp });
    const usable = findings.converted ? await readFile(temporary) : bytes;
    return { bytes: inFloats(usable), shape: shapeOf(findings) };
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What computes in half precision inside computes in float32. */
function inFloats(bytes: Uint8Array): Uint8Array {
  const model = readModel(bytes);
  return hasHalves(model) ? writeModel(widened(model)) : bytes;
}

function shapeOf(findings: ModelFindings): PictureShape {
  const { scale, receptiveRadius: radius, dtype, range } = findings;
  const { layout, channels, channelOrder, multiple, fixed, input, output, strength } = findings;
  const trim = trimOf(findings);
  const network = { layout, channels, channelOrder, trim, multiple, fixed, input, output, strength };
  return { ...withoutSurplus({ scale, radius, network }), dtype, range };
}

/**
 * The network with a margin that only makes up for what it leaves out. What it pads at the borders of a sample is the same in
 * float and in int8, and deep networks look so far that their margins would be most of what is computed.
 */
function withoutSurplus(network: TileNetwork): TileNetwork {
  const { scale, radius, network: { trim = radius * scale } = {} } = network;
  return { ...network, radius: Math.ceil(trim / scale) };
}
