import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { inspectModel } from '../../../src/engine/inference/inspect-model.ts';
import { shippedEntries } from '../../support/models.ts';
import {
  FLOAT,
  field,
  type GraphParts,
  graph,
  graphAttribute,
  INT64,
  int64s,
  intsAttribute,
  message,
  model,
  node,
  PICTURE,
  tensor,
  tensorAttribute,
  UINT8,
  valueInfo,
  varint,
} from '../../support/onnx.ts';

const FILE = '/models/made-up/network.onnx';

/** Why a model is refused; `undefined` if it is not. */
function refusal(bytes: Uint8Array): string | undefined {
  try {
    inspectModel(bytes, FILE);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ name: 'EnlargerError', code: 'model-invalid', file: FILE });
    const found =
      /^\S+: this is not a model that Enlarger can use \((.*)\)\. Get the file again from where it came, or choose another\.$/;
    return found.exec(String((error as Error).message))?.[1];
  }
}

const of = (parts: GraphParts) => refusal(model(parts));
const weights = (...fields: Uint8Array[]) => of({ initialisers: [message(...fields)] });
const taking = (dims: readonly (number | bigint | undefined)[], type = UINT8) =>
  of({ inputs: [valueInfo('image', type, dims)] });
const empty = node('Identity', {});

it.each(shippedEntries)('$name passes', async ({ spec }) => {
  expect(refusal(await readFile(spec.file))).toBeUndefined();
});

describe('a model that passes', () => {
  it.each([
    ['one that does nothing', {}],
    ['fixed sides', { inputs: [valueInfo('image', FLOAT, [1, 65_536, 1, 3])] }],
    [
      'weights among the inputs',
      {
        initialisers: [tensor('w', FLOAT, [2], { raw: new Uint8Array(8) })],
        inputs: [valueInfo('w', FLOAT, [2]), valueInfo('image', UINT8, PICTURE)],
      },
    ],
    [
      'values in fields of their own, packed or not',
      {
        initialisers: [
          tensor('a', FLOAT, [2], { fields: [field(4, new Uint8Array(8))] }),
          tensor('b', UINT8, [3], { fields: [field(5, 1), field(5, message(varint(200), varint(3)))] }),
          tensor('c', 11, [], { fields: [field(10, new Uint8Array(8))] }),
          tensor('d', 8, [2], { fields: [field(6, 'one'), field(6, 'two')] }),
          tensor('e', 22, [3], { fields: [field(5, 1), field(5, 2)] }),
          tensor('f', 22, [3], { raw: new Uint8Array(2) }),
          tensor('g', INT64, [2], { fields: [field(7, 1), field(7, -1)] }),
          message(field(1, message(varint(300), varint(1))), field(2, UINT8), field(9, new Uint8Array(300))),
          tensor('h', FLOAT, [0, 2 ** 40], { raw: new Uint8Array(0) }),
        ],
      },
    ],
    [
      'a sparse tensor',
      {
        sparse: [
          message(
            field(1, tensor('s', FLOAT, [1], { raw: new Uint8Array(4) })),
            field(2, int64s('', [5])),
            field(3, 1000),
          ),
        ],
      },
    ],
    [
      'every domain that is built in',
      {
        nodes: ['', 'ai.onnx', 'ai.onnx.ml', 'com.microsoft'].map((domain) => node('Any', { domain })),
      },
    ],
    [
      'tensors that are filled, as far as is known',
      {
        initialisers: [int64s('shape', [1000, 1000]), int64s('none', [0, 2n ** 60n])],
        nodes: ['shape', 'none', 'computed'].map((name) => node('ConstantOfShape', { inputs: [name] })),
      },
    ],
    ['graphs 16 deep', { nodes: [nested(16)] }],
  ] satisfies [string, GraphParts][])('has %s', (_, parts) => {
    expect(of(parts)).toBeUndefined();
  });
});

/** A node with graphs within graphs. */
function nested(depth: number): Buffer {
  let inner = empty;
  for (let level = 0; level < depth; level++) {
    const body = graph({ nodes: [inner], inputs: [], outputs: [] });
    inner = node('If', { attributes: [graphAttribute('then_branch', body)] });
  }
  return inner;
}

describe('what is no ONNX model', () => {
  it.each([
    ['no bytes', Buffer.alloc(0), 'it has no graph'],
    ['text', Buffer.from('These bytes are no network.'), /a field/],
    ['a graph of the wrong kind', field(7, 3), 'field 7 is of another kind (varint)'],
    ['two graphs', message(model(), model()), 'field 7 stands twice'],
    ['a number without an end', Buffer.from([0x08, 0x80]), 'a number ends in the middle'],
    ['a number of eleven bytes', Buffer.from([0x08, ...Array(10).fill(0xff), 1]), /more than 64 bits/],
    ['a field number 0', Buffer.from([0x00, 0x00]), /a number or a kind that there is not/],
    ['a group', Buffer.from([0x0b]), /a number or a kind that there is not/],
    ['a length beyond the end', Buffer.from([0x3a, 0x7f]), 'a field goes on beyond the end'],
    ['a length of 2^63', message(Buffer.from([0x3a]), varint(2n ** 63n)), 'a field goes on beyond the end'],
    ['a fixed number beyond the end', Buffer.from([0x0d, 0, 0]), 'a field goes on beyond the end'],
    ['instructions for training', model({}, field(20, '')), 'it holds instructions for training'],
    ['functions of its own', model({}, field(25, '')), 'it has functions of its own'],
    [
      'endless little fields',
      Buffer.alloc(11e6, Buffer.from([0x10, 1])),
      'it has more parts than a network needs',
    ],
  ])('%s', (_, bytes, reason) => {
    expect(refusal(bytes)).toEqual(reason instanceof RegExp ? expect.stringMatching(reason) : reason);
  });

  it('a model cut off anywhere in its graph', () => {
    const whole = model({ initialisers: [int64s('shape', [1, 2, 3])] });
    const graphEnd = whole.length - field(8, field(2, 16)).length;
    for (let length = 0; length < graphEnd; length++) {
      expect(refusal(whole.subarray(0, length)), `${length} bytes`).toBeDefined();
    }
  });

  it('more bytes than a protobuf can have', () => {
    const huge = { length: 2 ** 31 } as Uint8Array;
    expect(refusal(huge)).toBe('it is larger than 2 GB');
  });

  it('what goes wrong otherwise is not taken for the model', () => {
    expect(() => inspectModel(null as never, FILE)).toThrow(TypeError);
  });
});

describe('weights', () => {
  const dims = (...sides: (number | bigint)[]) => sides.map((side) => field(1, side));
  const held = (length: number) => field(9, new Uint8Array(length));

  it.each([
    ['in another file', [...dims(1), field(2, FLOAT), field(14, 1)], /lie in another file/],
    [
      'that name another file',
      [field(13, message(field(1, 'location'), field(2, '/etc/passwd')))],
      /another file/,
    ],
    ['without a type', [...dims(1), held(4)], 'a tensor has elements of an unknown type (0)'],
    ['of an unknown type', [field(2, 99)], 'a tensor has elements of an unknown type (99)'],
    [
      'fewer than they say',
      [...dims(2), field(2, FLOAT), field(8, 'w'), held(7)],
      'tensor "w" has 7 bytes, where its dimensions say 8',
    ],
    [
      'more than they say',
      [...dims(2), field(2, UINT8), field(5, message(varint(1), varint(2), varint(3)))],
      'a tensor has 3 values, where its dimensions say 2',
    ],
    ['none at all', [...dims(2), field(2, UINT8)], 'a tensor has 0 values, where its dimensions say 2'],
    [
      'whose size overflows',
      [...dims(2n ** 32n, 2n ** 32n), field(2, UINT8), held(0)],
      /a tensor is too large/,
    ],
    ['of a negative size', [...dims(-1), field(2, UINT8), held(1)], /a tensor is too large/],
    [
      'of more than 2 GB',
      [...dims(30_000, 30_000), field(2, FLOAT), held(4)],
      'a tensor is too large (30000 × 30000)',
    ],
    [
      'of very many dimensions',
      [...dims(...Array(40).fill(1)), field(2, UINT8), held(1)],
      /too many dimensions/,
    ],
    [
      'of very many dimensions in one list',
      [field(1, Buffer.alloc(40, 1)), field(2, UINT8), held(1)],
      /too long/,
    ],
    ['in two places', [...dims(1), field(2, UINT8), field(5, 1), held(1)], /its values in the wrong place/],
    [
      'in the place of other types',
      [...dims(1), field(2, FLOAT), field(5, 1)],
      /its values in the wrong place/,
    ],
    ['that are texts in raw bytes', [...dims(1), field(2, 8), held(1)], /its values in the wrong place/],
    [
      'half a number',
      [...dims(1), field(2, FLOAT), field(4, new Uint8Array(5))],
      /ends in the middle of one/,
    ],
    ['of two types', [field(2, FLOAT), field(2, UINT8)], 'field 2 stands twice'],
    ['in parts', [field(3, ''), field(2, FLOAT)], 'a tensor is only a part of one'],
    ['of another kind', [...dims(1), field(2, 'float')], 'field 2 is of another kind (bytes)'],
    ['single, of another kind', [field(4, 1)], 'field 4 is of another kind (varint)'],
    ['with a name of megabytes', [field(8, Buffer.alloc(1e6, 'a'))], 'a name is too long'],
  ] as [string, Buffer[], string | RegExp][])('%s are refused', (_, fields, reason) => {
    expect(weights(...fields)).toEqual(reason instanceof RegExp ? expect.stringMatching(reason) : reason);
  });

  it('that stand for more than 2 GB together are refused', () => {
    const value = tensor('', UINT8, [1], { raw: new Uint8Array(1) });
    const sparse = message(field(1, value), field(2, int64s('', [0])), field(3, 1.2e9));
    expect(of({ sparse: [sparse] })).toBeUndefined();
    expect(of({ sparse: [sparse, sparse] })).toBe('it has more than 2 GB of constants');
    expect(of({ sparse: [message(field(1, value), field(3, 3e9))] })).toBe(
      'a sparse tensor is too large (3000000000)',
    );
    expect(of({ sparse: [message(field(3, 1))] })).toBe('a sparse tensor has no values or sizes');
  });

  it('of attributes are no exception', () => {
    const broken = tensor('', FLOAT, [2], { raw: new Uint8Array(4) });
    const sparse = message(field(1, broken));
    for (const value of [field(5, broken), field(10, broken), field(22, sparse), field(23, sparse)]) {
      const attributes = [message(field(1, 'value'), value)];
      expect(of({ nodes: [node('Any', { attributes })] })).toMatch(/has 4 bytes, where its dimensions say 8/);
    }
  });
});

describe('pictures', () => {
  it.each([
    ['of no type', [field(1, 'image')], /input "image" does not say that it is a tensor/],
    ['of a sequence', [field(1, 'image'), field(2, field(4, ''))], /input "image" is no tensor/],
    ['of two types', [field(2, field(1, '')), field(2, field(1, ''))], 'field 2 stands twice'],
    [
      'of no shape',
      [field(1, 'image'), field(2, field(1, field(1, UINT8)))],
      /has 0 dimensions, where pictures have 4/,
    ],
  ] as [string, Buffer[], string | RegExp][])('%s are refused', (_, fields, reason) => {
    const found = of({ inputs: [message(...fields)] });
    expect(found).toEqual(reason instanceof RegExp ? expect.stringMatching(reason) : reason);
  });

  it('must be four-dimensional, of a type that there is, and of sides that can be', () => {
    expect(taking([1, 3])).toBe('input "image" has 2 dimensions, where pictures have 4');
    expect(taking(PICTURE, 11)).toBe('input "image" has elements of type 11, neither uint8 nor float32');
    expect(taking([1, 65_537, 1, 3])).toBe(
      'input "image" has a dimension of 65537; from 1 to 65536 are possible',
    );
    expect(taking([1, 0, 1, 3])).toMatch(/a dimension of 0;/);
    expect(taking([1, -5, 1, 3])).toMatch(/a dimension of 1844/);
    expect(of({ outputs: [valueInfo('result', INT64, PICTURE)] })).toMatch(
      /^output "result" has elements of type 7/,
    );
    expect(of({ inputs: [] })).toBe('its graph has no input or no output');
    expect(of({ outputs: [] })).toBe('its graph has no input or no output');
  });
});

describe('beside pictures', () => {
  const picture = valueInfo('image', FLOAT, [undefined, undefined, undefined, undefined]);
  const beside = (...more: Uint8Array[]) => of({ inputs: [picture, ...more] });

  it('single numbers may be taken', () => {
    for (const dims of [[], [1], [undefined], [1, 1, 1, 1]]) {
      expect(beside(valueInfo('strength', FLOAT, dims))).toBeUndefined();
    }
    expect(beside(valueInfo('strength', 11, [1]))).toBeUndefined();
    expect(beside(valueInfo('strength', FLOAT, [2]))).toMatch(/input "strength" has 1 dimensions/);
    expect(beside(valueInfo('strength', INT64, [1]))).toMatch(/input "strength" has elements of type 7/);
    expect(of({ inputs: ['a', 'b'].map((name) => valueInfo(name, FLOAT, [1])) })).toMatch(/no picture/);
  });

  it('anything may be given, if a picture is', () => {
    const result = valueInfo('result', UINT8, PICTURE);
    expect(of({ outputs: [valueInfo('scores', FLOAT, [10]), result] })).toBeUndefined();
    expect(of({ outputs: [valueInfo('scores', FLOAT, [10])] })).toMatch(/output "scores" has 1 dimensions/);
  });

  it('a model that is going to be examined may take and give anything', () => {
    const parts = { inputs: [valueInfo('image', 10, [3])], outputs: [valueInfo('scores', FLOAT, [10])] };
    expect(() => inspectModel(model(parts), FILE, { pictures: false })).not.toThrow();
  });
});

describe('nodes', () => {
  it('of other domains are refused by name', () => {
    expect(of({ nodes: [node('Rm', { domain: 'org.evil' })] })).toBe(
      'it needs the operator "org.evil::Rm", which is not built in',
    );
    expect(of({ nodes: [message(field(7, ''), field(7, 'org.evil'))] })).toBe('field 7 stands twice');
  });

  it('that read other files are refused', () => {
    expect(of({ nodes: [node('EPContext', { domain: 'com.microsoft' })] })).toMatch(
      /may lie in another file/,
    );
  });

  it('may not lie deeper than 16 graphs, nor be more than 100,000', () => {
    expect(of({ nodes: [nested(17)] })).toBe('graphs lie within graphs, more than 16 deep');
    expect(of({ nodes: Array(100_000).fill(empty) })).toBeUndefined();
    expect(of({ nodes: Array(100_001).fill(empty) })).toBe('it has more than 100000 nodes');
    expect(
      of({
        nodes: [
          node('If', { attributes: [message(field(11, graph({ nodes: Array(100_000).fill(empty) })))] }),
        ],
      }),
    ).toBe('it has more than 100000 nodes');
  });

  it('are not read for long, however deep they lie', () => {
    expect(of({ nodes: [nested(2000)] })).toBe('graphs lie within graphs, more than 16 deep');
  });

  const LARGE = [60_000, 60_000];
  const fill = (input: string, ...attributes: Uint8Array[]) =>
    node('ConstantOfShape', { inputs: [input], outputs: ['filled'], attributes });

  it.each([
    ['an initialiser', { initialisers: [int64s('shape', LARGE)], nodes: [fill('shape')] }],
    [
      'an initialiser in fields',
      {
        initialisers: [tensor('shape', INT64, [2], { fields: LARGE.map((side) => field(7, side)) })],
        nodes: [fill('shape')],
      },
    ],
    [
      'a constant',
      {
        nodes: [
          node('Constant', { outputs: ['shape'], attributes: [tensorAttribute('value', int64s('', LARGE))] }),
          fill('shape'),
        ],
      },
    ],
    [
      'a list of numbers',
      {
        nodes: [
          node('Constant', { outputs: ['shape'], attributes: [intsAttribute('value_ints', LARGE)] }),
          fill('shape'),
        ],
      },
    ],
    ['numbers that overflow', { initialisers: [int64s('shape', [2n ** 62n, 8])], nodes: [fill('shape')] }],
    [
      'doubles',
      {
        initialisers: [int64s('shape', [20_000, 20_000])],
        nodes: [fill('shape', tensorAttribute('value', tensor('', 11, [1], { raw: new Uint8Array(8) })))],
      },
    ],
  ] satisfies [string, GraphParts][])(
    'that fill a huge tensor, its size told by %s, are refused',
    (_, parts) => {
      expect(of(parts)).toMatch(/^it fills a tensor that is too large \(/);
    },
  );
});
