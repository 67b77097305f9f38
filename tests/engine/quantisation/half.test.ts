import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { compareOutputs } from '../../../src/engine/quantisation/compare-outputs.ts';
import { halfModel } from '../../../src/engine/quantisation/half.ts';
import { makeHalf } from '../../../src/engine/quantisation/make-half.ts';
import { readModel, writeModel } from '../../../src/engine/quantisation/onnx-model.ts';
import { exists } from '../../support/engine.ts';
import { shippedEntries } from '../../support/models.ts';
import { FLOAT, model, node, PICTURE, tensor, valueInfo } from '../../support/onnx.ts';
import { temporaryFolder } from '../../support/pictures.ts';
import { attentiveNetwork, compactNetwork, denseNetwork } from './networks.ts';

const halfOf = (bytes: Uint8Array) => writeModel(halfModel(readModel(bytes), 'net.onnx'));

const floats = (name: string, values: readonly number[], dims = [values.length]) =>
  tensor(name, FLOAT, dims, { raw: Buffer.from(Float32Array.from(values).buffer) });

/** [1, h, w, 3] of floats through `nodes`, from `image` to `result`. */
const pictureNetwork = (nodes: readonly Uint8Array[], initialisers: readonly Uint8Array[]) =>
  model({
    nodes,
    initialisers,
    inputs: [valueInfo('image', FLOAT, PICTURE)],
    outputs: [valueInfo('result', FLOAT, PICTURE)],
  });

async function boundary(bytes: Uint8Array) {
  const session = await InferenceSession.create(bytes);
  const { inputMetadata, outputMetadata } = session;
  await session.release();
  return [inputMetadata, outputMetadata];
}

describe('a model in half precision', () => {
  const full = shippedEntries.filter(({ spec }) => spec.variant === 'fp32');
  const shipped = full.map(({ name, spec }) => [name, () => readFile(spec.file)] as const);
  it.each([
    ...shipped,
    ['dense blocks', async () => denseNetwork()] as const,
    ['slopes and repetition', async () => compactNetwork()] as const,
    ['attention', async () => attentiveNetwork()] as const,
  ])('%s: is half as large, and computes nearly the same', async (_, load) => {
    const bytes = await load();
    const half = halfOf(bytes);
    expect(half.length / bytes.length).toBeLessThan(0.56);
    expect(await boundary(half)).toEqual(await boundary(bytes));
    const { psnr, worst } = await compareOutputs(bytes, half, 'net.onnx');
    expect(psnr).toBeGreaterThan(50);
    expect(worst).toBeLessThan(0.02);
  });

  it('keeps what is no float, and cuts what half floats cannot hold', async () => {
    const nodes = [
      node('Add', { inputs: ['image', 'tiny'], outputs: ['a'] }),
      node('Clip', { inputs: ['a', '', 'most'], outputs: ['result'] }),
    ];
    const bytes = pictureNetwork(nodes, [floats('tiny', [0.25]), floats('most', [3e38], [])]);
    const { psnr } = await compareOutputs(bytes, halfOf(bytes), 'net.onnx');
    expect(psnr).toBeGreaterThan(60);
  });

  it('knows an input that is the output, too, and tensors that are called as its own would be', async () => {
    const nodes = [
      node('Identity', { inputs: ['image'], outputs: ['image/half'] }),
      node('Mul', { inputs: ['image/half', 'image'], outputs: ['result'] }),
    ];
    const bytes = pictureNetwork(nodes, []);
    expect((await compareOutputs(bytes, halfOf(bytes), 'net.onnx')).psnr).toBeGreaterThan(60);
    const same = model({
      nodes: [node('Mul', { inputs: ['image', 'image'], outputs: ['other'] })],
      inputs: [valueInfo('image', FLOAT, PICTURE)],
      outputs: [valueInfo('image', FLOAT, PICTURE), valueInfo('other', FLOAT, PICTURE)],
    });
    expect((await compareOutputs(same, halfOf(same), 'net.onnx')).psnr).toBe(99);
  });

  it('cannot be made of what has no form for it', () => {
    const bytes = pictureNetwork(
      [node('CumSum', { inputs: ['image', 'axis'], outputs: ['result'] })],
      [floats('axis', [1])],
    );
    expect(() => halfOf(bytes)).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: 'net.onnx: this model cannot be made half precision (it has the operator CumSum).',
      }),
    );
  });
});

describe('makeHalf', () => {
  it('writes what it reports', async () => {
    const folder = await temporaryFolder();
    const [file, temporary] = [join(folder, 'net.onnx'), join(folder, '.net.part')];
    await writeFile(file, compactNetwork());
    const report = await makeHalf({ model: file, temporary });
    const written = await readFile(temporary);
    expect(report).toMatchObject({ bytes: written.length, modelBytes: (await readFile(file)).length });
    await expect(
      makeHalf({ model: temporary, sha256: report.sha256, temporary: `${temporary}2` }),
    ).resolves.toBeDefined();
  });

  it('refuses a network that half precision is too coarse for', async () => {
    const folder = await temporaryFolder();
    const [file, temporary] = [join(folder, 'net.onnx'), join(folder, '.net.part')];
    // The one is nothing in half precision, and the other more than it can hold.
    const nodes = [
      node('Mul', { inputs: ['image', 'little'], outputs: ['a'] }),
      node('Mul', { inputs: ['a', 'much'], outputs: ['result'] }),
    ];
    await writeFile(file, pictureNetwork(nodes, [floats('little', [1e-9]), floats('much', [1e9])]));
    await expect(makeHalf({ model: file, temporary })).rejects.toMatchObject({
      code: 'verify-failed',
      message: expect.stringMatching(/net\.onnx: its results in half precision are only .+ dB close/),
    });
    expect(await exists(temporary)).toBe(false);
  });
});
