import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startEngine } from '../../support/engine.ts';
import { windowed } from '../../support/networks/attention.ts';
import { channelsLast, ranged } from '../../support/networks/boundaries.ts';
import { GraphWriter } from '../../support/networks/graph-writer.ts';
import { compact, esrgan, unshuffled } from '../../support/networks/real-esrgan.ts';
import { shrinking } from '../../support/networks/sizes.ts';
import { trunk } from '../../support/networks/trunk.ts';
import { FLOAT, FLOAT16 } from '../../support/onnx.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';

it.each([
  ['repetition and convolutions', () => esrgan(), { layout: 'NCHW', scale: 4 }],
  ['half precision', () => esrgan({ type: FLOAT16 }, { type: FLOAT16 }), { dtype: 'float32', scale: 4 }],
  ['four pixels at once', () => unshuffled(), { scale: 2 }],
  ['a strength', () => compact({ denoise: true, more: [['dn', FLOAT, [1]]] }), { scale: 4 }],
  ['a result that shrinks', () => shrinking(), { scale: 2, radius: 7 }],
  ['one channel', () => shrinking({ channels: 1 }), { scale: 2, radius: 7 }],
  ['channels at the end', () => channelsLast(), { layout: 'NHWC', scale: 3 }],
  ['values of -1 to 1', () => ranged(-1, 1), { range: [-1, 1], scale: 2 }],
  ['values of 0 to 255', () => ranged(0, 255), { range: [0, 255], scale: 2 }],
  ['attention in windows', () => windowed(), { scale: 2 }],
  ['a result as large as its source', () => windowed({ scale: 1 }), { scale: 1 }],
] as const)(
  'a network of the community with %s becomes int8, as it is',
  { timeout: 120_000 },
  async (_, network, shape) => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'in'));
    const pictures = await Promise.all(
      [1, 2].map((seed) =>
        writePicture(join(folder, 'in', `${seed}.png`), { width: 160, height: 140, seed }),
      ),
    );
    const { engine } = await startEngine(folder, { workers: 1 });
    const model = join(folder, 'model.onnx');
    await writeFile(model, network());
    const temporary = join(folder, 'int8.onnx');
    const work = { jobId: 1, model, pictures, temporary, maxLoss: 0.3, weightBits: 8 as const, threads: 1 };
    const report = await engine.request('quantise', work);
    expect(report).toMatchObject({ ...shape, bytes: (await readFile(temporary)).length });
    expect(report.loss).toBeLessThan(0.3);
    expect(report.fidelity).toBeGreaterThan(35);
    expect(report.floatLayers.length).toBeLessThan(report.layers);
  },
);

it('half precision between floats becomes int8 too, as its manifest describes it', async () => {
  const folder = await temporaryFolder();
  const picture = await writePicture(join(folder, '1.png'), { width: 96, height: 80, seed: 1 });
  const { engine } = await startEngine(folder, { workers: 1 });
  const net = new GraphWriter({ type: FLOAT16 });
  const halves = trunk(net, net.add('Cast', ['input'], { to: FLOAT16 }));
  net.add('Cast', [net.conv(halves, [8, 3])], { to: FLOAT }, 'output');
  const model = join(folder, 'model.onnx');
  await writeFile(model, net.file());
  const network = { layout: 'NCHW', channels: 3, channelOrder: 'RGB', trim: 0, multiple: 1 } as const;
  const report = await engine.request('quantise', {
    ...{ jobId: 1, model, pictures: [picture], temporary: join(folder, 'int8.onnx') },
    ...{ maxLoss: 0.3, weightBits: 8, threads: 1 },
    use: { dtype: 'float32', range: [0, 1], scale: 1, receptiveRadius: 4, network },
  });
  expect(report).toMatchObject({ scale: 1, layers: 4 });
});
