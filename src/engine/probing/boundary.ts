import { ELEMENT } from '../inference/element-types.ts';
import { newNode, newTensor, type OnnxGraph, type OnnxModel } from '../quantisation/onnx-model.ts';
import type { GraphFacts, Slot } from './graph-facts.ts';

/**
 * Makes `model` take and give pictures, and take numbers, of types that Enlarger has: casts are put in front of what it takes
 * and behind what it gives. Names stay. Returns the facts as they are now, and whether anything changed.
 */
export function adaptTypes(model: OnnxModel, facts: GraphFacts): { facts: GraphFacts; changed: boolean } {
  const { picture, number, outputs } = facts;
  const bytes = [picture, ...outputs].every(({ element }) => element === ELEMENT.uint8);
  const wanted = bytes ? ELEMENT.uint8 : ELEMENT.float32;
  const casts = [picture, ...outputs].filter(({ element }) => element !== wanted);
  if (picture.element !== wanted) castInput(model.graph, picture);
  for (const output of outputs) if (output.element !== wanted) castOutput(model.graph, output);
  const odd = number && number.element !== ELEMENT.float32 && number.element !== ELEMENT.float64;
  if (number && odd) castInput(model.graph, number);
  const now = (slot: Slot): Slot => ({ ...slot, element: wanted });
  return {
    facts: {
      picture: now(picture),
      outputs: outputs.map(now),
      number: number && odd ? { ...number, element: ELEMENT.float32 } : number,
    },
    changed: casts.length > 0 || odd === true,
  };
}

function castInput(graph: OnnxGraph, { name, element }: Slot): void {
  const inner = `${name}/given`;
  rename(graph, name, inner);
  setElement(graph, name, ELEMENT.float32);
  const integer = element === ELEMENT.uint8 || element === ELEMENT.int32 || element === ELEMENT.int64;
  const before = integer ? rounding(graph, name, element) : { nodes: [], output: name };
  graph.node.unshift(...before.nodes, newNode('Cast', [before.output], [inner], { to: BigInt(element) }));
}

/** Values become the nearest integers, and those of bytes stay within their limits. */
function rounding(graph: OnnxGraph, name: string, element: number) {
  const constant = (called: string, value: number) => {
    graph.initializer.push(newTensor(`${name}/${called}`, Float32Array.of(value)));
    return `${name}/${called}`;
  };
  const nodes = [
    newNode('Add', [name, constant('half', 0.5)], [`${name}/raised`]),
    newNode('Floor', [`${name}/raised`], [`${name}/rounded`]),
  ];
  if (element !== ELEMENT.uint8) return { nodes, output: `${name}/rounded` };
  nodes.push(
    newNode('Max', [`${name}/rounded`, constant('black', 0)], [`${name}/above`]),
    newNode('Min', [`${name}/above`, constant('white', 255)], [`${name}/within`]),
  );
  return { nodes, output: `${name}/within` };
}

function castOutput(graph: OnnxGraph, { name }: Slot): void {
  rename(graph, name, `${name}/made`);
  setElement(graph, name, ELEMENT.float32);
  graph.node.push(newNode('Cast', [`${name}/made`], [name], { to: BigInt(ELEMENT.float32) }));
}

/** How a result must be changed to be like the picture that the network takes. */
export interface OutputChange {
  /** The order of its dimensions, as Transpose takes it. */
  order?: readonly number[];
  /** Its first three channels change places; the dimension that they lie along. */
  reversed?: { axis: number; channels: number };
  /** value · factor + offset. */
  affine?: { factor: number; offset: number };
}

/** Puts `change` behind the output `name` of `model`, whose name stays. */
export function changeOutput({ graph }: OnnxModel, name: string, change: OutputChange): void {
  let value = `${name}/made`;
  // A cast may stand there already, whose tensor has that name.
  while (graph.node.some(({ output }) => output.includes(value))) value += '/made';
  rename(graph, name, value);
  const add = (operator: string, inputs: string[], attributes: Parameters<typeof newNode>[3] = {}) => {
    const output = `${value}/${operator}`;
    graph.node.push(newNode(operator, [value, ...inputs], [output], attributes));
    value = output;
  };
  const constant = (called: string, values: Float32Array | BigInt64Array, dims: number[] = []) => {
    graph.initializer.push(newTensor(`${name}/${called}`, values, dims));
    return `${name}/${called}`;
  };
  const { order, reversed, affine } = change;
  if (order) add('Transpose', [], { perm: order.map(BigInt) });
  if (reversed) {
    const indices = Array.from({ length: reversed.channels }, (_, index) => (index < 3 ? 2 - index : index));
    const list = constant('order', BigInt64Array.from(indices, BigInt), [indices.length]);
    add('Gather', [list], { axis: BigInt(reversed.axis) });
  }
  if (affine) {
    add('Mul', [constant('factor', Float32Array.of(affine.factor))]);
    add('Add', [constant('offset', Float32Array.of(affine.offset))]);
  }
  graph.node.push(newNode('Identity', [value], [name]));
  const type = graph.output.find((output) => output.name === name)?.type?.tensorType;
  const dims = type?.shape?.dim;
  if (dims && order) dims.splice(0, dims.length, ...order.map((from) => dims[from] as (typeof dims)[0]));
}

/** Gives a tensor another name wherever nodes name it, in graphs within graphs too. */
function rename(graph: OnnxGraph, from: string, to: string): void {
  const renamed = (name: string) => (name === from ? to : name);
  graph.valueInfo = graph.valueInfo.filter(({ name }) => name !== from);
  for (const node of graph.node) {
    node.input = node.input.map(renamed);
    node.output = node.output.map(renamed);
    for (const { g } of node.attribute) if (g) rename(g, from, to);
  }
}

function setElement(graph: OnnxGraph, name: string, element: number): void {
  for (const value of [...graph.input, ...graph.output]) {
    if (value.name === name && value.type?.tensorType) value.type.tensorType.elemType = element;
  }
}
