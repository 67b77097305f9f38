import { EnlargerError } from '../../shared/errors.ts';
import {
  intsAttribute,
  newOperatorSet,
  newTensor,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
} from './onnx-model.ts';

/** The first version in which weights can have a scale for each channel. */
const NEEDED = 13;

/** The first from which the way to there is short. */
const OLDEST = 11;

/** Operators that take as an input since version 13 what was an attribute: at which place, and its name. */
const MOVED: Readonly<Record<string, { place: number; attribute: string }>> = {
  ReduceSum: { place: 1, attribute: 'axes' },
  Split: { place: 1, attribute: 'split' },
  Squeeze: { place: 1, attribute: 'axes' },
  Unsqueeze: { place: 1, attribute: 'axes' },
};

/** Operators that compute something else since version 13. */
const CHANGED: ReadonlySet<string> = new Set(['Hardmax', 'LogSoftmax', 'Softmax']);

/**
 * Takes `model` to version 13 of ONNX's operators, where it is older, and drops the sets of operators that none of its
 * nodes is of. Throws `model-invalid`, naming `file`, where that cannot be done.
 */
export function upgradeOpset(model: OnnxModel, file: string): void {
  const used = new Set(model.graph.node.map(({ domain }) => (domain === 'ai.onnx' ? '' : domain)));
  const version = Number(model.opsetImport.find(({ domain }) => isOwn(domain))?.version ?? 0);
  if (version < NEEDED) {
    const changed = model.graph.node.find(({ domain, opType }) => isOwn(domain) && CHANGED.has(opType));
    if (version < OLDEST || changed) {
      const why = version < OLDEST ? `version ${version}` : `version ${version} with ${changed?.opType}`;
      throw new EnlargerError(
        'model-invalid',
        `${file}: is written in ${why} of ONNX's operators. Export it again with version ${NEEDED} or later.`,
        { file },
      );
    }
    for (const node of model.graph.node) if (isOwn(node.domain)) moveAttribute(node, model.graph);
  }
  const others = model.opsetImport.filter(({ domain }) => !isOwn(domain) && used.has(domain));
  model.opsetImport = [newOperatorSet('', Math.max(version, NEEDED)), ...others];
}

function isOwn(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

function moveAttribute(node: OnnxNode, graph: OnnxGraph): void {
  const moved = MOVED[node.opType];
  const values = moved && intsAttribute(node, moved.attribute);
  if (!moved || !values) return;
  const name = `${node.output[0]}/${moved.attribute}`;
  graph.initializer.push(newTensor(name, BigInt64Array.from(values, BigInt), [values.length]));
  node.attribute = node.attribute.filter((attribute) => attribute.name !== moved.attribute);
  node.input[moved.place] = name;
}
