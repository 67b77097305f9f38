import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';
import type { NetworkConventions, StrengthInput } from '../../shared/network.ts';
import { isShortOfMemory } from './runtime-errors.ts';

/** Pictures are tensors of four dimensions; numbers beside them have fewer. */
const RANK = 4;

/** The network's picture as ONNX Runtime returns it, the name of that output, and the milliseconds it took. */
export interface Inferred {
  output: Tensor;
  name: string;
  milliseconds: number;
}

/**
 * Runs `session` on a picture, and on the number `strength` (0..1) where the network takes one; its own default where it
 * is undefined. Throws `out-of-memory` or `inference-failed`; `model-invalid` if no picture comes out.
 */
export async function infer(
  session: InferenceSession,
  picture: Tensor,
  network?: NetworkConventions,
  strength?: number,
): Promise<Inferred> {
  const feeds = feedsFor(session, picture, network, strength);
  const started = performance.now();
  const outputs = await run(session, feeds, network?.output);
  const milliseconds = performance.now() - started;
  const found = Object.entries(outputs).find(([, { dims }]) => dims.length === RANK);
  if (found) return { name: found[0], output: found[1], milliseconds };
  throw new EnlargerError(
    'model-invalid',
    `None of the network's outputs (${Object.keys(outputs).join(', ')}) is a picture: that has ${RANK} dimensions. ` +
      'Its manifest does not describe it.',
  );
}

/** What `session` is given: the picture, and the number that is its strength, where it takes one. */
export function feedsFor(
  session: InferenceSession,
  picture: Tensor,
  network?: NetworkConventions,
  strength?: number,
): Record<string, Tensor> {
  return { [inputName(session, network)]: picture, ...strengthFeed(network?.strength, strength) };
}

async function run(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  output: string | undefined,
): Promise<Record<string, Tensor>> {
  try {
    const outputs = output === undefined ? session.run(feeds) : session.run(feeds, [output]);
    return (await outputs) as Record<string, Tensor>;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const code = isShortOfMemory(reason) ? 'out-of-memory' : 'inference-failed';
    throw new EnlargerError(code, `The network failed on a tile: ${reason}`, { cause: error });
  }
}

function inputName({ inputMetadata, inputNames }: InferenceSession, network?: NetworkConventions): string {
  if (network?.input !== undefined) return network.input;
  const picture = inputMetadata.find((input) => input.isTensor && input.shape.length === RANK);
  return picture?.name ?? (inputNames[0] as string);
}

function strengthFeed(input: StrengthInput | undefined, strength = input?.default): Record<string, Tensor> {
  if (input === undefined || strength === undefined) return {};
  const value = input.from + strength * (input.to - input.from);
  const tensor =
    input.dtype === 'float64'
      ? new Tensor('float64', Float64Array.of(value), input.dims)
      : new Tensor('float32', Float32Array.of(value), input.dims);
  return { [input.input]: tensor };
}
