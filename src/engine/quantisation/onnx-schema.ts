import { create, createFileRegistry, type DescMessage } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

type Kind = 'int32' | 'int64' | 'float' | 'string' | 'bytes';

const KINDS: Readonly<Record<Kind, FieldDescriptorProto_Type>> = {
  int32: FieldDescriptorProto_Type.INT32,
  int64: FieldDescriptorProto_Type.INT64,
  float: FieldDescriptorProto_Type.FLOAT,
  string: FieldDescriptorProto_Type.STRING,
  bytes: FieldDescriptorProto_Type.BYTES,
};

/** A field: its number and what it holds; `[]` behind that: any number of them. */
type FieldText = readonly [number: number, type: string];

/**
 * The parts of an ONNX file that graph surgery looks at or makes. Whatever else a file holds is carried along as
 * unknown fields, and written again as it was read. Source: onnx.proto, version 1.17.
 */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, FieldText>>>> = {
  Model: { ir_version: [1, 'int64'], graph: [7, 'Graph'], opset_import: [8, 'OperatorSet[]'] },
  OperatorSet: { domain: [1, 'string'], version: [2, 'int64'] },
  Graph: {
    node: [1, 'Node[]'],
    name: [2, 'string'],
    initializer: [5, 'Tensor[]'],
    input: [11, 'Value[]'],
    output: [12, 'Value[]'],
    value_info: [13, 'Value[]'],
  },
  Node: {
    input: [1, 'string[]'],
    output: [2, 'string[]'],
    name: [3, 'string'],
    op_type: [4, 'string'],
    attribute: [5, 'Attribute[]'],
    domain: [7, 'string'],
  },
  Attribute: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    t: [5, 'Tensor'],
    g: [6, 'Graph'],
    ints: [8, 'int64[]'],
    type: [20, 'int32'],
  },
  Tensor: {
    dims: [1, 'int64[]'],
    data_type: [2, 'int32'],
    float_data: [4, 'float[]'],
    int32_data: [5, 'int32[]'],
    int64_data: [7, 'int64[]'],
    name: [8, 'string'],
    raw_data: [9, 'bytes'],
  },
  Value: { name: [1, 'string'], type: [2, 'Type'] },
  Type: { tensor_type: [1, 'TensorType'] },
  TensorType: { elem_type: [1, 'int32'], shape: [2, 'Shape'] },
  Shape: { dim: [1, 'Dimension[]'] },
  Dimension: { dim_value: [1, 'int64'], dim_param: [2, 'string'] },
};

const PACKAGE = 'onnx';

const registry = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: 'onnx.proto',
    package: PACKAGE,
    syntax: 'proto2',
    messageType: Object.entries(MESSAGES).map(([name, fields]) => ({
      name,
      field: Object.entries(fields).map(([fieldName, field]) => descriptorOf(fieldName, field)),
    })),
  }),
  () => undefined,
);

function descriptorOf(name: string, [number, text]: FieldText) {
  const repeated = text.endsWith('[]');
  const type = repeated ? text.slice(0, -2) : text;
  const label = repeated ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL;
  if (!isKind(type)) {
    const message = FieldDescriptorProto_Type.MESSAGE;
    return { name, number, label, type: message, typeName: `.${PACKAGE}.${type}` };
  }
  const packed = repeated && type !== 'string' && type !== 'bytes';
  return { name, number, label, type: KINDS[type], ...(packed ? { options: { packed } } : {}) };
}

function isKind(type: string): type is Kind {
  return Object.hasOwn(KINDS, type);
}

/** How messages of this name are read and written. */
export function schemaOf(
  name: 'Model' | 'Node' | 'Attribute' | 'Tensor' | 'Value' | 'OperatorSet',
): DescMessage {
  const found = registry.getMessage(`${PACKAGE}.${name}`);
  if (!found) throw new TypeError(`There is no message ${name}.`);
  return found;
}
