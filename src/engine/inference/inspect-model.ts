import { EnlargerError } from '../../shared/errors.ts';
import { GraphCheck } from './onnx-graph.ts';
import { expectOnce, fieldsOf, Malformed, type Span, span } from './protobuf.ts';

/** Fields in a model: a hundred thousand nodes have fewer, and these are read in about a second. */
const MOST_FIELDS = 5_000_000;

/** What one protobuf can hold. */
export const MOST_BYTES = 2 ** 31 - 1;

/**
 * Throws `model-invalid`, naming `file`, unless `bytes` are an ONNX model that may be given to ONNX Runtime: one
 * whose parts are where they say, whose weights all lie in the file, which fits into memory as far as that can
 * be seen, which takes and gives pictures, and which needs no operators but those that are built in. A model
 * that passes may still be wrong, and fail, or even end, the process that runs it. `pictures`: whether it must take and
 * give pictures as the engine does; a model that is going to be examined need not. `external`: whether weights may lie in
 * other files all the same, as long as they are only named; the answer says if some do.
 *
 * Source: onnx.proto, message ModelProto.
 */
export function inspectModel(
  bytes: Uint8Array,
  file: string,
  { pictures = true, external = false } = {},
): { external: boolean } {
  try {
    if (bytes.length > MOST_BYTES) throw new Malformed('it is larger than 2 GB');
    const graph = graphOf({ bytes, start: 0, end: bytes.length, budget: { fields: MOST_FIELDS } });
    const check = new GraphCheck({ external });
    check.checkMain(graph, pictures);
    return { external: check.external };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new EnlargerError(
      'model-invalid',
      `${file}: this is not a model that Enlarger can use (${error.message}). Get the file again from where it came, or choose another.`,
      { file },
    );
  }
}

function graphOf(model: Span): Span {
  const seen = new Set<number>();
  let graph: Span | undefined;
  for (const field of fieldsOf(model)) {
    if (field.number === 20) throw new Malformed('it holds instructions for training');
    // Functions that use functions can grow beyond all measure when they are put in their places.
    if (field.number === 25) throw new Malformed('it has functions of its own');
    if (field.number !== 7) continue;
    expectOnce(seen, field);
    graph = span(field);
  }
  if (!graph) throw new Malformed('it has no graph');
  return graph;
}
