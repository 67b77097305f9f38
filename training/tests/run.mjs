#!/usr/bin/env node
/**
 * One tile through a model, for the tests: `run.mjs MODEL DTYPE H W IN OUT STRENGTH` reads and writes raw pixels and
 * prints the dimensions of the result.
 */
import { readFile, writeFile } from 'node:fs/promises';
import ort from 'onnxruntime-node';

const [model, dtype, height, width, input, output, strength] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, {
  intraOpNumThreads: 1,
  logSeverityLevel: 3,
});
const bytes = Uint8Array.from(await readFile(input));
const data = dtype === 'uint8' ? bytes : new Float32Array(bytes.buffer);
const image = new ort.Tensor(dtype, data, [1, Number(height), Number(width), 3]);
const told = { strength: new ort.Tensor('float32', [Number(strength)], [1]) };
const { enlarged } = await session.run(
  session.inputNames.includes('strength') ? { image, ...told } : { image },
);
await writeFile(
  output,
  new Uint8Array(enlarged.data.buffer, enlarged.data.byteOffset, enlarged.data.byteLength),
);
process.stdout.write(`${JSON.stringify(enlarged.dims)}\n`);
