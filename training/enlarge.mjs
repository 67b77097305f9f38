#!/usr/bin/env node
/**
 * Runs an exported model as the application would: `enlarge.mjs MODEL FROM TO RADIUS MULTIPLE [STRENGTH]`.
 *
 * FROM holds 8-bit RGB PNGs; what the model makes of each is written to TO under the same name. Sides that are no
 * multiple of MULTIPLE are reflected up to one and cut again. Float entries' results are rounded.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ort from 'onnxruntime-node';
import sharp from 'sharp';

/** For each of `length` positions, the first `radius` before the picture, the pixel that it reflects: 0 1 2 with
 * radius 4 is 2 2 1 0 0 1 2 2 1 0 0, as numpy's mode='symmetric' has it. */
function reflection(size, radius, length) {
  return Int32Array.from({ length }, (_, position) => {
    const step = (((position - radius) % (2 * size)) + 2 * size) % (2 * size);
    return Math.min(step, 2 * size - 1 - step);
  });
}

/** RGB pixels grown by `radius` on each side, and to the right and below to a multiple of `multiple`. */
function reflectPadded({ data, width, height }, radius, multiple) {
  const grown = (size) => Math.ceil(size / multiple) * multiple + 2 * radius;
  const columns = reflection(width, radius, grown(width));
  const rows = reflection(height, radius, grown(height));
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
async function enlarge(session, { data, width, height }, strength) {
  const dims = [1, height, width, 3];
  const floats = session.inputMetadata[0].type === 'float32';
  const image = floats
    ? new ort.Tensor(
        'float32',
        Float32Array.from(data, (level) => level / 255),
        dims,
      )
    : new ort.Tensor('uint8', data, dims);
  const beside = session.inputNames.includes('strength')
    ? { strength: new ort.Tensor('float32', [strength], [1]) }
    : {};
  const { enlarged } = await session.run({ image, ...beside });
  const levels = floats ? Uint8Array.from(enlarged.data, (value) => Math.round(value * 255)) : enlarged.data;
  return { data: levels, width: enlarged.dims[2], height: enlarged.dims[1] };
}

const [model, from, to, ...numbers] = process.argv.slice(2);
const [radius, multiple, strength = 1] = numbers.map(Number);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
for (const name of await readdir(from)) {
  const source = await readRgb(join(from, name));
  const padded = reflectPadded(source, radius, multiple);
  const { data, width, height } = await enlarge(session, padded, strength);
  const scale = width / (padded.width - 2 * radius);
  await sharp(data, { raw: { width, height, channels: 3 } })
    .extract({ left: 0, top: 0, width: source.width * scale, height: source.height * scale })
    .png({ compressionLevel: 1 })
    .toFile(join(to, name));
}
process.stdout.write('null\n');
