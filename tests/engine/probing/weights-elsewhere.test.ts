import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examineModel } from '../../../src/engine/probing/examine-model.ts';
import { readNetwork } from '../../../src/engine/probing/read-network.ts';
import { type Divided, divided, entry, external, writeDivided } from '../../support/networks/divided.ts';
import { compact, esrgan } from '../../support/networks/real-esrgan.ts';
import {
  FLOAT,
  FLOAT16,
  field,
  floats,
  graph,
  graphAttribute,
  int64s,
  message,
  model,
  node,
  tensor,
  tensorAttribute,
} from '../../support/onnx.ts';
import { temporaryFolder } from '../../support/pictures.ts';

/** The bytes of a network that lies in several files, with its weights inside. */
async function inlined(network: Divided): Promise<Buffer> {
  const folder = await temporaryFolder();
  const file = await writeDivided(folder, network);
  const read = await readNetwork({ file, name: 'network.onnx', folder });
  expect(read.inlined).toBe(true);
  return Buffer.from(read.bytes);
}

/** What `file` is refused for, without its own name. `folder`: where its other files may lie. */
async function refusal(file: string, folder?: string): Promise<string> {
  const name = '../nets/mine.onnx';
  const error = await readNetwork({ file, name, folder }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'EnlargerError', code: 'model-invalid', file });
  return String((error as Error).message).replace(`${file}: this is not a model that Enlarger can use `, '');
}

const twin = esrgan({}, { layers: 1 });

describe('weights are put inside', () => {
  it.each([
    ['one file, each at its place', () => 'network.onnx.data'],
    ['a file each', (name: string) => `${name}.bin`],
    ['folders inside', (name: string) => `./weights/of network/${name}`],
    ['two files in turn', (name: string) => (Number(name.at(-1)) % 2 ? 'odd' : 'even')],
  ])('of %s', async (_, location) => {
    expect((await inlined(divided(twin, location))).equals(twin)).toBe(true);
  });

  it('where they lie on each other, in a file that a link inside leads to, and of no length', async () => {
    const folder = await temporaryFolder();
    const raw = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
    const of = (values: (name: string, from: number, dims: number[]) => Buffer) =>
      model({ initialisers: [values('a', 0, [3]), values('b', 4, [3]), values('c', 0, [0, 7])] });
    const bytes = ([side = 0]: number[]) => 4 * side;
    const onnx = of((name, offset, dims) =>
      // Without a length, it is what the dimensions say.
      tensor(name, FLOAT, dims, {
        fields: external('link', name === 'a' ? {} : { offset, length: bytes(dims) }),
      }),
    );
    await mkdir(join(folder, 'inner'));
    await writeFile(join(folder, 'inner', 'data'), raw);
    await symlink(join('inner', 'data'), join(folder, 'link'));
    const file = await writeDivided(folder, { onnx, files: new Map() });
    const read = await readNetwork({ file, name: file, folder });
    const whole = of((name, from, dims) =>
      tensor(name, FLOAT, dims, { raw: raw.subarray(from, from + bytes(dims)) }),
    );
    expect(Buffer.from(read.bytes).equals(whole)).toBe(true);
  });

  it('of constants, lists, sparse tensors, and graphs within graphs', async () => {
    const raw = Buffer.from(BigInt64Array.of(5n).buffer);
    const made = (held: Uint8Array[]) => {
      const one = tensor('t', 7, [1], { fields: held });
      const constant = node('Constant', { outputs: ['c'], attributes: [tensorAttribute('value', one)] });
      const body = graph({ nodes: [constant], initialisers: [one], inputs: [], outputs: [] });
      const list = message(field(1, 'list'), field(10, one), field(10, one), field(20, 9));
      const sparse = message(field(1, floats('s', [1], [2])), field(2, one), field(3, 1000));
      const inner = node('If', { attributes: [graphAttribute('then_branch', body), list] });
      return model({
        nodes: [inner, node('Identity', { inputs: ['image'], outputs: ['result'] })],
        sparse: [sparse],
      });
    };
    const files = new Map([['w', raw]]);
    const network = { onnx: made(external('w', { offset: 0, length: 8 })), files };
    expect((await inlined(network)).equals(made([field(9, raw)]))).toBe(true);
  });

  it('a network that has them inside is read as it is', async () => {
    const folder = await temporaryFolder();
    const file = await writeDivided(folder, { onnx: twin, files: new Map() });
    const read = await readNetwork({ file, name: file, folder });
    expect([read.inlined, twin.equals(read.bytes)]).toEqual([false, true]);
  });
});

describe('what is found is what is found of one file', { timeout: 180_000 }, () => {
  async function found(network: Divided) {
    const folder = await temporaryFolder();
    const [file, temporary] = [await writeDivided(folder, network), join(folder, 'converted.part')];
    const asked = { file, name: 'network.onnx', folder, temporary, givenUp: new Int32Array(1) };
    const { notes, converted, ...rest } = await examineModel(asked);
    // Of what is known only the conversion is done again, whatever else has become of it.
    await rm(temporary, { force: true });
    const again = await examineModel({ ...asked, known: { ...rest, notes, converted } });
    expect(again.converted).toEqual(converted);
    return { rest, notes, converted, temporary };
  }
  const NOTE = 'The weights lie in a file beside the network: a model of it has them inside, as one file.';

  it('in float32, which is kept to the byte', async () => {
    const whole = compact();
    const [one, several] = [await found({ onnx: whole, files: new Map() }), await found(divided(whole))];
    expect([several.rest, several.notes]).toEqual([one.rest, [NOTE, ...one.notes]]);
    expect([one.converted, several.converted?.bytes]).toEqual([undefined, whole.length]);
    expect((await readFile(several.temporary)).equals(whole)).toBe(true);
  });

  it('in half precision, which is converted', async () => {
    const whole = esrgan({}, { type: FLOAT16, layers: 1 });
    const [one, several] = [await found({ onnx: whole, files: new Map() }), await found(divided(whole))];
    expect([several.rest, several.converted]).toEqual([one.rest, one.converted]);
    expect(several.converted).toBeDefined();
  });
});

describe('weights that are not to be had', () => {
  /** A network with a tensor of eight bytes in another file. */
  const at = (location: string, place: Parameters<typeof external>[1] = {}, dims = [2]) =>
    model({ initialisers: [tensor('w', FLOAT, dims, { fields: external(location, place) })] });
  const written = async (onnx: Buffer, files: Record<string, Buffer> = {}) => {
    const folder = join(await temporaryFolder(), 'nets');
    await mkdir(folder);
    const file = await writeDivided(folder, { onnx, files: new Map(Object.entries(files)) });
    return { folder, file };
  };

  it('are asked for by name', async () => {
    const { folder, file } = await written(at('mine.onnx.data'));
    expect(await refusal(file, folder)).toBe(
      '(its weights lie in "mine.onnx.data", which is not beside it). Put mine.onnx.data beside mine.onnx and add it again.',
    );
    expect(await refusal(file)).toMatch(
      /^\(its weights lie in "mine.onnx.data", which did not come with it\)\. Add it where both lie in one folder: browse to it, or use "enlarger models add"\. Or make one file /,
    );
    expect(await refusal(file, join(folder, 'none'))).toMatch(/which did not come with it/);
    const many = await written(divided(twin, (name) => `weights/${name}`).onnx);
    expect(await refusal(many.file, many.folder)).toMatch(
      /lie in "weights\/constant\.0", "weights\/constant\.1" and \d others, which are not beside it\)\. Put these files beside mine/,
    );
    // A file in the place of a folder.
    const inner = await written(at('a/b'), { a: Buffer.alloc(8) });
    expect(await refusal(inner.file, inner.folder)).toMatch(/"a\/b", which is not beside it/);
  });

  it.each([
    '/etc/passwd',
    '../w',
    'a/../../w',
    '..',
    '//host/share/w',
    'C:w',
    'C:/w',
    '\\\\host\\share\\w',
    '..\\w',
    'w\0',
  ])('nobody looks at %j', async (location) => {
    const { folder, file } = await written(at(location));
    // There is something to be found there.
    await writeFile(join(folder, '..', 'w'), Buffer.alloc(8));
    const found = await refusal(file, folder);
    expect(found).toBe(
      `(its weights lie in ${JSON.stringify(location)}, which is outside its folder). Export it again as one file, or choose another.`,
    );
    expect(await refusal(file)).toBe(found);
  });

  it('links that lead out are not followed', async () => {
    const { folder, file } = await written(at('w'));
    await writeFile(join(folder, '..', 'nets-w'), Buffer.alloc(8));
    await symlink(join('..', 'nets-w'), join(folder, 'w'));
    expect(await refusal(file, folder)).toBe(
      '(its weights lie in "w", a link that leads out of its folder). Put w itself beside mine.onnx and add it again.',
    );
    await symlink('..', join(folder, 'out'));
    const inner = await writeDivided(folder, { onnx: at('out/nets-w'), files: new Map() }, 'b.onnx');
    expect(await refusal(inner, folder)).toMatch(/"out\/nets-w", a link that leads out of its folder/);
    await symlink('circle', join(folder, 'circle'));
    const circle = await writeDivided(folder, { onnx: at('circle'), files: new Map() }, 'c.onnx');
    expect(await refusal(circle, folder)).toMatch(/"circle", which cannot be read: ELOOP/);
  });

  it('what is no file is not waited for', async ({ skip }) => {
    const { folder, file } = await written(at('w'));
    await mkdir(join(folder, 'w'));
    const expected = '(its weights lie in "w", which is no file). Put w beside mine.onnx and add it again.';
    expect(await refusal(file, folder)).toBe(expected);
    await rm(join(folder, 'w'), { recursive: true });
    if (process.platform === 'win32') return skip('Windows has no such files');
    execFileSync('mkfifo', [join(folder, 'w')]);
    expect(await refusal(file, folder)).toBe(expected);
  });

  it.each([
    [
      'beyond the end',
      { offset: 4 },
      /"w", which has 8 bytes and should have 12\)\. Get w again from where it came, /,
    ],
    ['far beyond the end', { offset: '999999999999999' }, /should have 1000000000000007\)/],
    ['before the beginning', { offset: -4 }, /tensor "w" lies nowhere in another file \(offset "-4"\)/],
    ['at no number', { offset: '0x4' }, /lies nowhere in another file \(offset "0x4"\)/],
    ['at a number that is too large', { offset: '9'.repeat(16) }, /lies nowhere in another file/],
    ['fewer than they should be', { length: 4 }, /tensor "w" has 4 bytes in "w", where its dimensions say 8/],
    [
      'more than they should be',
      { length: 12 },
      /tensor "w" has 12 bytes in "w", where its dimensions say 8/,
    ],
    ['a negative number', { length: -8 }, /lies nowhere in another file \(length "-8"\)/],
  ])('%s', async (_, place, reason) => {
    const { folder, file } = await written(at('w', place), { w: Buffer.alloc(8) });
    expect(await refusal(file, folder)).toMatch(reason);
  });

  it.each([
    ['without a file', [field(14, 1)], /lies in another file, and does not say which/],
    ['said twice', [...external('w'), entry('location', 'v')], /says twice where it lies/],
    ['inside, too', [...external('w'), field(9, Buffer.alloc(8))], /has its values in the wrong place/],
    ['inside in another field, too', [...external('w'), field(4, Buffer.alloc(8))], /in the wrong place/],
    ['named, and meant to be inside', [entry('location', 'w')], /in the wrong place/],
    ['somewhere else', [entry('location', 'w'), field(14, 2)], /in the wrong place/],
    ['named by what is no text', [field(13, message(field(1, 3))), field(14, 1)], /another kind/],
  ])('%s', async (_, fields, reason) => {
    const onnx = model({ initialisers: [tensor('w', FLOAT, [2], { fields })] });
    const { folder, file } = await written(onnx, { w: Buffer.alloc(8) });
    expect(await refusal(file, folder)).toMatch(reason);
  });

  it('texts, and sizes that there are not', async () => {
    const text = model({ initialisers: [tensor('w', 8, [1], { fields: external('w') })] });
    const files = { w: Buffer.alloc(256) };
    const { folder, file } = await written(text, files);
    expect(await refusal(file, folder)).toMatch(/in the wrong place/);
    for (const dims of [[-1], [2 ** 20, 2 ** 20]]) {
      const wrong = await written(at('w', {}, dims), files);
      expect(await refusal(wrong.file, wrong.folder)).toMatch(/tensor "w" is too large/);
    }
  });

  it('more than one file can hold, though each of them is small enough', async () => {
    const [sides, side] = [[2 ** 14, 2 ** 14], 4 * 2 ** 28];
    const weights = (name: string) => tensor(name, FLOAT, sides, { fields: external('w') });
    const { folder, file } = await written(model({ initialisers: [weights('a'), weights('b')] }));
    await writeFile(join(folder, 'w'), '');
    await truncate(join(folder, 'w'), side);
    expect(await refusal(file, folder)).toBe(
      '(with its weights it is larger than 2 GB, the most that one ONNX file can be). Export it in half precision, or choose a smaller one.',
    );
  });

  it('what comes from other files is looked at as what lies inside', async () => {
    // A shape of a tensor that fills the memory.
    const shape = Buffer.from(BigInt64Array.of(2n ** 20n, 2n ** 20n).buffer);
    const fill = node('ConstantOfShape', { inputs: ['shape'], outputs: ['filled'] });
    const onnx = model({
      nodes: [fill, node('Identity', { inputs: ['image'], outputs: ['result'] })],
      initialisers: [tensor('shape', 7, [2], { fields: external('w') }), int64s('other', [1])],
    });
    const { folder, file } = await written(onnx, { w: shape });
    expect(await refusal(file, folder)).toMatch(/it fills a tensor that is too large/);
  });
});
