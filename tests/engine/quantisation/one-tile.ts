import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A program of its own, so that it can run on another processor: the result of one tile, in base 64. */
const [model = '', tile = '', side = ''] = process.argv.slice(2);
const session = await InferenceSession.create(await readFile(model), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
});
const input = new Tensor('uint8', new Uint8Array(await readFile(tile)), [1, Number(side), Number(side), 3]);
const outputs = await session.run({ [session.inputNames[0] as string]: input });
const [result] = Object.values(outputs);
process.stdout.write(Buffer.from(result?.data as Uint8Array).toString('base64'));
