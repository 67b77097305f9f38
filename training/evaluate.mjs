#!/usr/bin/env node
/**
 * Scores an exported model as the application would run it: `evaluate.mjs MODEL FOLDER SCALE RADIUS`.
 *
 * FOLDER holds pairs of the same name in low/ and high/ (8-bit RGB PNG, high = low × SCALE). Prints JSON:
 * PSNR in dB on BT.601 luma by picture, SCALE pixels off each border. training/make.py calls it.
 */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

const LUMA = [65.481 / 255, 128.553 / 255, 24.966 / 255];

/** For each padded position the pixel it reflects: 0 1 2 with radius 3 is 1 2 1 0 1 2 1 0 1, as numpy's
 * mode='reflect' has it; a side of one pixel repeats it. */
function reflection(size, radius) {
  const period = Math.max(1, 2 * (size - 1));
  return Int32Array.from({ length: size + 2 * radius }, (_, position) => {
    const step = (((position - radius) % period) + period) % period;
    return Math.min(step, period - step) % size;
  });
}

/** RGB pixels grown by `radius` on each side. */
function reflectPadded({ data, width, height }, radius) {
  const columns = reflection(width, radius);
  const rows = reflection(height, radius);
  const padded = new Uint8Array(rows.length * columns.length * 3);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * 3;
      padded[at++] = data[from];
      padded[at++] = data[from + 1];
      padded[at++] = data[from + 2];
    }
  }
  return { data: padded, width: columns.length, height: rows.length };
}

async function readRgb(path) {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`Expected 3 channels in ${path} but found ${info.channels}`);
  return { data, width: info.width, height: info.height };
}

/** Bytes in, bytes out, whichever entry the model has. */
async function enlarge(session, { data, width, height }) {
  const dims = [1, height, width, 3];
  const floats = session.inputMetadata[0].type === 'float32';
  const image = floats
    ? new ort.Tensor(
        'float32',
        Float32Array.from(data, (level) => level / 255),
        dims,
      )
    : new ort.Tensor('uint8', data, dims);
  const { enlarged } = await session.run({ image });
  const levels = floats ? Uint8Array.from(enlarged.data, (value) => Math.round(value * 255)) : enlarged.data;
  return { data: levels, width: enlarged.dims[2], height: enlarged.dims[1] };
}

function psnrY(a, b, shave) {
  if (a.width !== b.width || a.height !== b.height) {
    throw new Error(`Expected ${b.width}×${b.height} but the model gave ${a.width}×${a.height}`);
  }
  let sum = 0;
  for (let y = shave; y < a.height - shave; y++) {
    for (let x = shave; x < a.width - shave; x++) {
      const at = (y * a.width + x) * 3;
      let difference = 0;
      for (let c = 0; c < 3; c++) difference += LUMA[c] * (a.data[at + c] - b.data[at + c]);
      sum += difference * difference;
    }
  }
  const count = (a.height - 2 * shave) * (a.width - 2 * shave);
  return 10 * Math.log10((255 * 255 * count) / sum);
}

const [model, folder, ...numbers] = process.argv.slice(2);
const [scale, radius] = numbers.map(Number);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
const scores = {};
for (const name of (await readdir(join(folder, 'low'))).sort()) {
  const low = await readRgb(join(folder, 'low', name));
  const enlarged = await enlarge(session, reflectPadded(low, radius));
  scores[basename(name, '.png')] = psnrY(enlarged, await readRgb(join(folder, 'high', name)), scale);
}
process.stdout.write(`${JSON.stringify(scores)}\n`);
