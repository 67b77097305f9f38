import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { inspectModel } from '../../../src/engine/inference/inspect-model.ts';
import { ranged } from '../../support/networks/boundaries.ts';
import { GraphWriter } from '../../support/networks/graph-writer.ts';
import { esrgan } from '../../support/networks/real-esrgan.ts';
import { trunk } from '../../support/networks/trunk.ts';
import { FLOAT16, UINT8 } from '../../support/onnx.ts';
import { asked, examined, findingsOf } from './examine.ts';

const FLOAT = 1;

/** A network whose middle is that of an ordinary one, between what `before` and `after` write. */
function between(
  before: (net: GraphWriter, input: string) => string,
  after: (net: GraphWriter, value: string) => void,
  parts: Parameters<GraphWriter['file']>[0] = {},
): Buffer {
  const net = new GraphWriter();
  const value = net.conv(net.nearest(trunk(net, before(net, 'input')), 2), [8, 3], { noise: 0.1 });
  after(net, value);
  return net.file(parts);
}

const as = (net: GraphWriter, input: string, type: number, output?: string) =>
  net.add('Cast', [input], { to: type }, output);

const mean = (net: GraphWriter, input: string, white: number) =>
  net.add('Sub', [input, net.floats([0.4488 * white, 0.4371 * white, 0.404 * white], [1, 3, 1, 1])]);

describe('ranges', () => {
  it.each([
    [0, 1],
    [0, 255],
    [-1, 1],
  ])('results clipped to %i..%i say their range', async (black, white) => {
    const found = await findingsOf(ranged(black, white));
    expect(found).toMatchObject({ range: [black, white], certain: { range: 'measured' } });
    expect(asked(found)).toEqual({});
  });

  it('0..255 is seen without a clip, because layers add constants', async () => {
    expect(await findingsOf(ranged(0, 255, { clipped: false }))).toMatchObject({ range: [0, 255] });
  });

  it('where several fit, the usual one, and a question', async () => {
    const file = between(
      // What is done first hides what is done to the range.
      (net, input) => net.scaled(net.plus(net.add('Max', [input, net.floats([-1e6], [])]), 1), 0.5),
      (net, value) => net.plus(net.scaled(value, 2), -1, 'output'),
    );
    const found = await findingsOf(file);
    expect(found).toMatchObject({ range: [0, 1], certain: { range: 'assumed' } });
    const question = found.questions.find(({ id }) => id === 'range');
    expect(question?.choices.map(({ changes }) => changes.range)).toContainEqual([-1, 1]);
    expect(question?.default).toBe('0..1');
  });

  it.each([
    ['divided by 255', [0, 255], (net, input) => net.scaled(input, 1 / 255)],
    ['moved from around zero', [-1, 1], (net, input) => net.scaled(net.plus(input, 1), 0.5)],
    ['moved around zero', [0, 1], (net, input) => net.plus(net.scaled(input, 2), -1)],
    ['less the mean of DIV2K', [0, 1], (net, input) => mean(net, input, 1)],
    ['less the mean of DIV2K in bytes', [0, 255], (net, input) => mean(net, input, 255)],
  ] as const satisfies [string, [number, number], (net: GraphWriter, input: string) => string][])(
    'what is done first says the range, however little the result is like its source: %s',
    async (_, range, start) => {
      const net = new GraphWriter();
      const unit = start(net, 'input');
      const noise = net.add('Tanh', [net.conv(unit, [3, 3], { pass: 0, noise: 3 })]);
      const loud = net.scaled(noise, 0.4 * (range[1] - range[0]));
      net.add('Add', [loud, 'input'], {}, 'output');
      const found = await findingsOf(net.file());
      expect(found).toMatchObject({ range, certain: { range: 'read' } });
      expect(asked(found)).toEqual({});
    },
  );

  it('noise that goes with the size of values does not speak for a range around zero', async () => {
    const net = new GraphWriter();
    const loud = net.conv('input', [3, 3], { pass: 0, noise: 1.2 });
    net.add('Add', [loud, 'input'], {}, 'output');
    const found = await findingsOf(net.file());
    expect(found).toMatchObject({ range: [0, 1], certain: { range: 'assumed' } });
    expect(asked(found)).toHaveProperty('range');
  });

  it('where it makes no difference, none is asked', async () => {
    const net = new GraphWriter();
    net.nearest('input', 2, 'output');
    expect(asked(await findingsOf(net.file()))).toEqual({});
  });

  it('bytes are bytes', async () => {
    const file = between(
      (net, input) => net.scaled(as(net, input, FLOAT), 1 / 255),
      (net, value) => as(net, net.clip(net.scaled(value, 255), [0, 255]), UINT8, 'output'),
      { type: UINT8 },
    );
    const found = await findingsOf(file);
    expect(found).toMatchObject({ dtype: 'uint8', range: [0, 255], receptiveRadius: 4, exact: true });
    expect(found).toMatchObject({ certain: { range: 'read' } });
    expect(found.converted).toBeUndefined();
  });

  it('0..1 in and 0..255 out are made the same', async () => {
    const file = between(
      (_, input) => input,
      (net, value) => net.clip(net.scaled(value, 255), [0, 255], 'output'),
    );
    const { findings, temporary } = await examined(file);
    expect(findings).toMatchObject({ range: [0, 1], dtype: 'float32', scale: 2 });
    expect(await peak(temporary, 'NCHW')).toBeLessThan(1.5);
  });
});

describe('what is converted', () => {
  it('float16 at the ends and inside', async () => {
    const { findings, temporary } = await examined(esrgan({ type: FLOAT16 }, { type: FLOAT16 }));
    expect(findings).toMatchObject({
      dtype: 'float32',
      scale: 4,
      receptiveRadius: 4,
      exact: true,
      input: 'input',
    });
    await expectConverted(findings, temporary);
    expect(await peak(temporary, 'NCHW')).toBeLessThan(1.5);
  });

  it('bytes in and floats out', async () => {
    const file = between(
      (net, input) => as(net, input, FLOAT),
      (net, value) => net.add('Identity', [value], {}, 'output'),
      { type: UINT8, resultType: FLOAT },
    );
    const { findings, temporary } = await examined(file);
    expect(findings).toMatchObject({ dtype: 'float32', range: [0, 255] });
    await expectConverted(findings, temporary);
  });

  it('one layout in, another out', async () => {
    const file = between(
      (_, input) => input,
      (net, value) => net.add('Transpose', [value], { perm: [0, 2, 3, 1] }, 'output'),
      { resultDims: [1, 'h', 'w', 3] },
    );
    const { findings, temporary } = await examined(file);
    expect(findings).toMatchObject({ layout: 'NCHW', scale: 2, channels: 3 });
    await expectConverted(findings, temporary);
    expect(await shapeOf(temporary)).toEqual([1, 3, 48, 64]);
  });

  it('one order of colours in, another out, and a question', async () => {
    const file = between(
      (_, input) => input,
      (net, value) => net.add('Gather', [value, net.integers(2, 1, 0)], { axis: 1 }, 'output'),
    );
    const { findings, temporary } = await examined(file);
    expect(asked(findings)).toMatchObject({ channelOrder: 'BGR' });
    await expectConverted(findings, temporary);
  });

  it('a whole number beside the picture', async () => {
    const net = new GraphWriter();
    const level = as(net, 'level', FLOAT);
    const value = net.add('Mul', [net.conv('input', [3, 3], { pass: 0, noise: 0.2 }), level]);
    net.add('Add', ['input', value], {}, 'output');
    const { findings, temporary } = await examined(net.file({ more: [['level', 7, []]] }));
    expect(findings).toMatchObject({ strength: { input: 'level', dtype: 'float32', from: 0, to: 1 } });
    await expectConverted(findings, temporary);
  });

  it('nothing, where nothing must be', async () => {
    const { findings, temporary } = await examined(esrgan());
    expect(findings.converted).toBeUndefined();
    await expect(access(temporary)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('orders of colours', () => {
  it.each([
    ['RGB', [0.485, 0.456, 0.406]],
    ['BGR', [0.406, 0.456, 0.485]],
  ] as const)('means that are known say %s', async (order, means) => {
    const file = between(
      (net, input) => net.add('Sub', [input, net.floats([...means], [1, 3, 1, 1])]),
      (net, value) => net.add('Add', [value, net.floats([...means], [1, 3, 1, 1])], {}, 'output'),
    );
    expect(await findingsOf(file)).toMatchObject({ channelOrder: order, certain: { channelOrder: 'read' } });
  });
});

it('results beside the picture are left alone, and the picture is found among them', async () => {
  const net = new GraphWriter();
  const value = trunk(net, 'input');
  net.add('Identity', [value], {}, 'features');
  net.conv(net.nearest(value, 2), [8, 3], { output: 'picture' });
  const file = net.file({
    output: 'features',
    resultDims: [1, 8, 'h', 'w'],
    moreOutputs: [['picture', FLOAT, [1, 3, 'h', 'w']]],
  });
  expect(await findingsOf(file)).toMatchObject({ output: 'picture', scale: 2, channels: 3 });
});

async function expectConverted(
  { converted }: Awaited<ReturnType<typeof findingsOf>>,
  temporary: string,
): Promise<void> {
  const bytes = await readFile(temporary);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(converted).toEqual({ sha256, bytes: bytes.length });
  expect(() => inspectModel(bytes, temporary)).not.toThrow();
}

/** What the network in `file` makes of a gray picture of 32 × 24 pixels. */
async function run(file: string, layout: 'NCHW' | 'NHWC'): Promise<Tensor> {
  const session = await InferenceSession.create(await readFile(file));
  const dims = layout === 'NCHW' ? [1, 3, 24, 32] : [1, 24, 32, 3];
  const picture = new Tensor('float32', new Float32Array(3 * 24 * 32).fill(0.5), dims);
  const outputs = await session.run({ [session.inputNames[0] as string]: picture });
  await session.release();
  return outputs[session.outputNames[0] as string] as Tensor;
}

async function peak(file: string, layout: 'NCHW' | 'NHWC'): Promise<number> {
  const { data } = await run(file, layout);
  return Math.max(...(data as Float32Array));
}

const shapeOf = async (file: string): Promise<readonly number[]> => (await run(file, 'NCHW')).dims;
