import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../src/engine/quantisation/onnx-model.ts';
import { quantise } from '../../../src/engine/quantisation/quantise.ts';
import type { JobProgress, RequestInput } from '../../../src/shared/engine-protocol.ts';
import { startEngine } from '../../support/engine.ts';
import { anyEntry } from '../../support/models.ts';
import { temporaryFolder, writePicture } from '../../support/pictures.ts';
import { attentiveNetwork, compactNetwork, denseNetwork, unevenNetwork } from './networks.ts';

/** A folder with a few pictures, and an engine in it. */
async function prepared() {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'in'));
  const pictures = await Promise.all(
    [1, 2, 3, 4].map((seed) =>
      writePicture(join(folder, 'in', `${seed}.png`), { width: 120, height: 110, seed }),
    ),
  );
  const { engine, scratch } = await startEngine(folder, { workers: 1 });
  const work = (model: string, change: Partial<RequestInput<'quantise'>> = {}) => ({
    jobId: 7,
    model,
    pictures,
    temporary: join(folder, 'result.part'),
    maxLoss: 0.3,
    weightBits: 8 as const,
    threads: 1,
    ...change,
  });
  return { folder, engine, scratch, work };
}

/** How often each operator is used in what ONNX Runtime makes of a model. */
async function operatorsOf(model: Uint8Array, folder: string): Promise<Record<string, number>> {
  const file = join(folder, 'optimised.onnx');
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'all',
    optimizedModelFilePath: file,
    logSeverityLevel: 4,
  });
  await session.release();
  const counts: Record<string, number> = {};
  for (const { opType } of readModel(await readFile(file)).graph.node) {
    counts[opType] = (counts[opType] ?? 0) + 1;
  }
  return counts;
}

describe('quantise', () => {
  it.each([
    ['dense blocks', () => denseNetwork({ width: 48, growth: 32 }), 21, 4],
    ['slopes for each channel', () => compactNetwork({ width: 48, layers: 6 }), 8, 4],
    ['attention', () => attentiveNetwork({ width: 48, blocks: 3 }), 12, 2],
  ] as const)(
    'makes a network with %s four times smaller, all convolutions in integers, and as good',
    async (_, network, layers, scale) => {
      const { folder, engine, work } = await prepared();
      const model = join(folder, 'model.onnx');
      await writeFile(model, network());
      const report = await engine.request('quantise', work(model));
      const bytes = await readFile(join(folder, 'result.part'));
      expect(report).toMatchObject({
        layout: 'NCHW',
        dtype: 'float32',
        scale,
        radius: 0,
        layers,
        floatLayers: [],
        problems: [],
        modelBytes: (await stat(model)).size,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(report.loss).toBeLessThan(0.3);
      expect(report.fidelity).toBeGreaterThan(35);
      expect(report.modelBytes / report.bytes).toBeGreaterThan(3.4);
      const { Conv = 0, FusedConv = 0, QLinearConv = 0 } = await operatorsOf(bytes, folder);
      expect([Conv, FusedConv, QLinearConv]).toEqual([0, 0, layers]);
    },
  );

  it('takes a network that ships as it is, bytes in and bytes out', async () => {
    const { folder, engine, scratch, work } = await prepared();
    const { spec, scale, radius } = anyEntry('uint8');
    const stages: JobProgress['state'][] = [];
    engine.onProgress((jobs) => stages.push(...jobs.map(({ state }) => state)));
    const report = await engine.request('quantise', work(spec.file, { sha256: spec.sha256 }));
    expect(report).toMatchObject({ layout: 'NHWC', dtype: 'uint8', scale, radius, floatLayers: [] });
    expect(report.loss).toBeLessThan(0.3);
    const operators = await operatorsOf(await readFile(join(folder, 'result.part')), folder);
    const sums = readModel(await readFile(spec.file)).graph.node.filter(({ opType }) => opType === 'Add');
    expect(sums.length).toBeGreaterThan(0);
    expect([operators.QLinearAdd, operators.Conv, operators.DequantizeLinear]).toEqual([
      sums.length,
      undefined,
      undefined,
    ]);
    expect([...new Set(stages)].at(-1)).toBe('verifying');
    expect(await readdir(scratch)).toEqual([]);
  });

  it('leaves in float what cannot be rounded well, and nothing else', async () => {
    const { folder, engine, work } = await prepared();
    const model = join(folder, 'model.onnx');
    await writeFile(model, unevenNetwork());
    const { loss, layers, floatLayers } = await engine.request('quantise', work(model, { maxLoss: 0.05 }));
    const readers = readModel(await readFile(model)).graph.node.filter(({ opType }) => opType === 'Conv');
    const [, makes, reads] = readers.map(({ output }) => output[0]);
    expect([layers, floatLayers.filter((name) => name !== makes && name !== reads)]).toEqual([8, []]);
    expect(floatLayers).not.toEqual([]);
    expect(loss).toBeLessThanOrEqual(0.05);
  });

  it('refuses what loses more than is allowed, and writes nothing', async () => {
    const { folder, engine, work } = await prepared();
    const refused = engine.request('quantise', work(anyEntry('uint8').spec.file, { maxLoss: 1e-9 }));
    await expect(refused).rejects.toMatchObject({
      code: 'verify-failed',
      message: expect.stringMatching(
        /\.onnx: it loses [\d.]+ dB in int8, and 1e-9 are allowed\. Allow more with --max-loss/,
      ),
    });
    expect((await readdir(folder)).sort()).toEqual(['in', 'scratch']);
  });

  it('takes weights of seven bits, and pictures that are not all usable', async () => {
    const { folder, engine, work } = await prepared();
    const model = join(folder, 'model.onnx');
    await writeFile(model, compactNetwork({ width: 16, layers: 2 }));
    const small = await writePicture(join(folder, 'in', 'small.png'), { width: 30, height: 30 });
    await writeFile(join(folder, 'in', 'none.png'), 'no picture');
    const pictures = [...work('').pictures, small, join(folder, 'in', 'none.png')];
    const { problems, weightBits } = await engine.request(
      'quantise',
      work(model, { weightBits: 7, pictures }),
    );
    expect([weightBits, problems.map(({ code }) => code)]).toEqual([
      7,
      ['unsupported-format', 'unsupported-format'],
    ]);
    const { graph } = readModel(await readFile(join(folder, 'result.part')));
    const weights = graph.initializer.filter(({ dataType }) => dataType === 3);
    const largest = Math.max(
      ...weights.flatMap(({ rawData }) => [...new Int8Array(Uint8Array.from(rawData).buffer)]),
    );
    expect([weights.length, largest]).toEqual([4, 64]);
  });

  it('tells how far it is, and computes the same on any thread', async () => {
    const { folder, engine, scratch, work } = await prepared();
    const model = join(folder, 'model.onnx');
    await writeFile(model, compactNetwork({ width: 16, layers: 2 }));
    await engine.request('quantise', work(model));
    const asked = await readFile(join(folder, 'result.part'));
    await mkdir(join(scratch, 'own'), { recursive: true });
    const steps: unknown[] = [];
    await quantise(work(model, { temporary: join(folder, 'own.part') }), join(scratch, 'own'), (...step) =>
      steps.push(step),
    );
    expect(steps.length).toBeGreaterThan(3);
    expect((await readFile(join(folder, 'own.part'))).equals(asked)).toBe(true);
  });

  it('says what cannot be quantised', async () => {
    const { folder, engine, work } = await prepared();
    const model = join(folder, 'model.onnx');
    await writeFile(model, compactNetwork({ width: 8, layers: 1 }));
    const ask = (change: Partial<RequestInput<'quantise'>>) =>
      engine.request('quantise', work(model, change));
    await expect(ask({ pictures: [] })).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringMatching(/no pictures to calibrate with/),
    });
    await expect(ask({ sha256: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/does not have the hash/),
    });
    await expect(ask({ model: join(folder, 'missing.onnx') })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/missing\.onnx: the model cannot be read/),
    });
    await writeFile(model, 'no model');
    await expect(ask({})).rejects.toMatchObject({ code: 'model-invalid' });
    const { spec } = anyEntry('uint8');
    const int8 = join(spec.file, '..', `${spec.modelId}.int8.onnx`);
    await expect(ask({ model: int8 })).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(/it has no convolution or product with constant weights in float32/),
    });
  });
});
