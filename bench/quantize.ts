import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { smallPictures } from '../chaos/small-pictures.ts';
import { COMMUNITY_SHAPES } from './community-shapes.ts';
import { type Benchmark, type Finding, median, spread } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';
import { samplesOf, timesFaster, timesSmaller } from './sessions-in-turns.ts';

const run = promisify(execFile);
const CLI = join(import.meta.dirname, '..', 'out', 'main', 'cli.js');
const PHOTOS = join(import.meta.dirname, '..', '..', 'shared', 'data', 'train');

const ROUNDS = 5;
/** Of the square that both forms enlarge in turns, in pixels. */
const SIDE = 128;
/** Pictures to calibrate with: as many as the command takes samples, and small, since deep networks take their time. */
const PICTURES = 32;
const PICTURE_SIDE = 192;

/** What `enlarger quantize` makes of networks of others' shapes: how much faster and smaller they are, and what they lose. */
export const quantizeBenchmark: Benchmark = {
  name: 'quantize',
  async run() {
    await using folder = await temporaryFolder();
    const calibrate = await calibrationPictures(folder.path);
    const [photo] = await photographs(folder.path, 1, SIDE, SIDE);
    const input = planesOf(await samplesOf(photo as string));
    const findings: Finding[] = [];
    for (const { name, file } of COMMUNITY_SHAPES) {
      const forms = { fp32: join(folder.path, `${name}.onnx`), int8: join(folder.path, `${name}.int8.onnx`) };
      await writeFile(forms.fp32, file());
      const loss = await quantize(forms.fp32, forms.int8, calibrate);
      const [faster, smaller] = [await timesFaster(forms, input, ROUNDS), await timesSmaller(forms)];
      findings.push({
        measure: `\`enlarger quantize\` of a network ${name}: int8 against fp32`,
        seen: `${spread(faster)} × faster, ${smaller.toFixed(2)} × smaller, loses ${loss.toFixed(3)} dB`,
        bar: '≥ 2 ×, ≥ 3.5 ×, ≤ 0.3 dB',
        met: median(faster) >= 2 && smaller >= 3.5 && loss <= 0.3,
      });
    }
    return findings;
  },
};

/** Makes a folder of small photographs, or of seeded pictures where there are none. */
async function calibrationPictures(into: string): Promise<string> {
  const folder = join(into, 'pictures');
  if (!existsSync(PHOTOS)) {
    await smallPictures(folder, PICTURES, { seed: 1, smallest: PICTURE_SIDE, largest: PICTURE_SIDE });
    return folder;
  }
  await mkdir(folder);
  const names = (await readdir(PHOTOS)).filter((name) => /\.(png|webp)$/.test(name)).sort();
  for (let index = 0; index < PICTURES; index++) {
    const name = names[Math.floor((index * names.length) / PICTURES)] as string;
    const small = sharp(join(PHOTOS, name)).resize(PICTURE_SIDE, PICTURE_SIDE);
    await small.png().toFile(join(folder, `${index}.png`));
  }
  return folder;
}

/** Runs the command; resolves to the dB of PSNR that int8 loses on pictures that it was not made with. */
async function quantize(model: string, out: string, calibrate: string): Promise<number> {
  const args = [CLI, 'quantize', model, '--calibrate', calibrate, '--out', out, '--json'];
  const { stdout } = await run(process.execPath, args);
  const last: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  if (typeof last === 'object' && last && 'loss' in last && typeof last.loss === 'number') return last.loss;
  throw new Error(`enlarger quantize ended without a result: ${stdout}`);
}

/** A square of interleaved samples as networks of others take it: [1, 3, height, width], 0..1. */
function planesOf(samples: Uint8Array): Tensor {
  const area = SIDE * SIDE;
  const values = Float32Array.from({ length: 3 * area }, (_, index) => {
    return (samples[3 * (index % area) + Math.floor(index / area)] as number) / 255;
  });
  return new Tensor('float32', values, [1, 3, SIDE, SIDE]);
}
