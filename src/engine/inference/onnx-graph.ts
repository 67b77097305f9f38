import { product, readSparseTensor, readTensor, type TensorFacts } from './onnx-tensor.ts';
import { expectPicture, isNumber, readValueInfo } from './onnx-value-info.ts';
import { expectOnce, fieldsOf, integers, Malformed, type Span, span, text } from './protobuf.ts';

/** Nodes of all graphs together; networks for pictures have hundreds. */
const MOST_NODES = 100_000;
/** Graphs within graphs, as loops have them. */
const DEEPEST = 16;
/** Bytes that the constants of a model may take together, as they did in one protobuf. */
const MOST_CONSTANTS = 2 ** 31;

/** Whose operators may be used: those of ONNX, and those that ONNX Runtime brings along. */
const DOMAINS: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft']);

/** Integers of an attribute that may be a shape. */
const LONGEST_SHAPE = 32;

interface Attribute {
  name: string;
  tensor?: TensorFacts;
  integers: number[];
}

interface Value {
  type: Span | undefined;
  /** Whose type it is, in words. */
  called: string;
}

/** Goes through the graphs of one model, and throws `Malformed` at what must not be given to ONNX Runtime. */
export class GraphCheck {
  /** Short lists of integers by name: initialisers and constants, which may be shapes. */
  readonly #shapes = new Map<string, readonly number[]>();
  readonly #mayBeExternal: boolean;
  #nodes = 0;
  #constants = 0;
  #external = false;

  /** `external`: whether weights may lie in other files. */
  constructor({ external }: { external: boolean }) {
    this.#mayBeExternal = external;
  }

  /** Whether weights were seen that lie in other files. */
  get external(): boolean {
    return this.#external;
  }

  /**
   * Checks the graph of the model. It takes a picture, and numbers beside it; among what it gives is a picture. Without
   * `pictures`, what it takes and gives is not looked at.
   */
  checkMain(graph: Span, pictures: boolean): void {
    const constants = this.#checkConstants(graph);
    const values = { input: [] as Value[], output: [] as Value[] };
    for (const field of fieldsOf(graph)) {
      if (field.number !== 11 && field.number !== 12) continue;
      const { name, type } = readValueInfo(span(field));
      // Older models list their weights among their inputs.
      if (field.number === 11 && constants.has(name)) continue;
      const kind = field.number === 11 ? 'input' : 'output';
      values[kind].push({ type, called: `${kind} ${JSON.stringify(name)}` });
    }
    if (values.input.length === 0 || values.output.length === 0) {
      throw new Malformed('its graph has no input or no output');
    }
    if (pictures) checkValues(values.input, values.output);
    this.#checkNodes(graph, 0);
  }

  #checkInner(graph: Span, depth: number): void {
    if (depth > DEEPEST) throw new Malformed(`graphs lie within graphs, more than ${DEEPEST} deep`);
    this.#checkConstants(graph);
    this.#checkNodes(graph, depth);
  }

  /** Returns the names of the initialisers. */
  #checkConstants(graph: Span): ReadonlySet<string> {
    const names = new Set<string>();
    for (const field of fieldsOf(graph)) {
      if (field.number !== 5 && field.number !== 15) continue;
      const tensor = this.#tensor(span(field), field.number === 15);
      names.add(tensor.name);
      if (tensor.values) this.#shapes.set(tensor.name, tensor.values);
    }
    return names;
  }

  #checkNodes(graph: Span, depth: number): void {
    for (const field of fieldsOf(graph)) if (field.number === 1) this.#checkNode(span(field), depth);
  }

  /** Source: onnx.proto, message NodeProto. */
  #checkNode(node: Span, depth: number): void {
    this.#nodes += 1;
    if (this.#nodes > MOST_NODES) throw new Malformed(`it has more than ${MOST_NODES} nodes`);
    const seen = new Set<number>();
    const attributes: Attribute[] = [];
    let [operator, domain] = ['', ''];
    let [input, output]: (string | undefined)[] = [];
    for (const field of fieldsOf(node)) {
      if (field.number === 1) input ??= text(field);
      else if (field.number === 2) output ??= text(field);
      else if (field.number === 5) {
        const attribute = this.#attribute(span(field), depth);
        if (attribute.name.startsWith('value')) attributes.push(attribute);
      } else if (field.number === 4 || field.number === 7) expectOnce(seen, field);
      if (field.number === 4) operator = text(field);
      if (field.number === 7) domain = text(field);
    }
    if (!DOMAINS.has(domain)) {
      throw new Malformed(
        `it needs the operator ${JSON.stringify(`${domain}::${operator}`)}, which is not built in`,
      );
    }
    // An EPContext names a file from which the rest is read.
    if (operator === 'EPContext')
      throw new Malformed('a part of it was compiled, and may lie in another file');
    if (operator === 'Constant' && output) this.#remember(output, attributes);
    if (operator === 'ConstantOfShape') this.#expectFilled(this.#shapes.get(input ?? ''), attributes);
  }

  /** Source: onnx.proto, message AttributeProto. */
  #attribute(attribute: Span, depth: number): Attribute {
    const seen = new Set<number>();
    const found: Attribute = { name: '', integers: [] };
    for (const field of fieldsOf(attribute)) {
      const { number } = field;
      if ([1, 5, 6, 22].includes(number)) expectOnce(seen, field);
      if (number === 1) found.name = text(field);
      else if (number === 5) found.tensor = this.#tensor(span(field));
      else if (number === 10) this.#tensor(span(field));
      else if (number === 22 || number === 23) this.#tensor(span(field), true);
      else if (number === 6 || number === 11) this.#checkInner(span(field), depth + 1);
      else if (
        number === 8 &&
        found.integers.length < LONGEST_SHAPE &&
        field.end - field.start <= LONGEST_SHAPE
      ) {
        found.integers.push(...integers(field, LONGEST_SHAPE));
      }
    }
    return found;
  }

  #tensor(tensor: Span, sparse = false): TensorFacts {
    const reading = { most: MOST_CONSTANTS, external: this.#mayBeExternal };
    const facts = sparse ? readSparseTensor(tensor, reading) : readTensor(tensor, reading);
    // How large the model gets once they are inside is found out then.
    if (facts.external) this.#external = true;
    else this.#constants += facts.bytes;
    if (this.#constants > MOST_CONSTANTS) throw new Malformed('it has more than 2 GB of constants');
    return facts;
  }

  #remember(output: string, attributes: readonly Attribute[]): void {
    for (const { name, tensor, integers: listed } of attributes) {
      if (name === 'value' && tensor?.values) this.#shapes.set(output, tensor.values);
      if (name === 'value_ints') this.#shapes.set(output, listed);
    }
  }

  /** `shape` is undefined where it is computed: then only running the network tells. */
  #expectFilled(shape: readonly number[] | undefined, attributes: readonly Attribute[]): void {
    if (!shape) return;
    const elementBytes = attributes.find(({ name }) => name === 'value')?.tensor?.elementBytes ?? 4;
    this.#constants += Math.abs(product(shape)) * elementBytes;
    if (this.#constants > MOST_CONSTANTS) {
      throw new Malformed(`it fills a tensor that is too large (${shape.join(' × ')})`);
    }
  }
}

function checkValues(inputs: readonly Value[], outputs: readonly Value[]): void {
  const pictures = inputs.filter(({ type, called }) => inputs.length === 1 || !isNumber(type, called));
  for (const { type, called } of pictures) expectPicture(type, called);
  if (pictures.length === 0) throw new Malformed('it takes numbers, and no picture');
  const wrong = outputs.map(({ type, called }) => reasonAgainst(type, called));
  const [first] = wrong;
  if (first && wrong.every((reason) => reason !== undefined)) throw first;
}

/** What `expectPicture` says against it, if anything. */
function reasonAgainst(type: Span | undefined, called: string): Malformed | undefined {
  try {
    expectPicture(type, called);
    return undefined;
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}
