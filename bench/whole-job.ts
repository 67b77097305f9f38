import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { decode } from '../src/engine/codec/decode.ts';
import { encode } from '../src/engine/codec/encode.ts';
import { frameLayout } from '../src/engine/codec/frame-layout.ts';
import { load } from '../src/engine/codec/load.ts';
import { verify } from '../src/engine/codec/verify.ts';
import type { Plan } from '../src/shared/plan.ts';
import { plan } from './engine-run.ts';
import { type Benchmark, cores, type Finding, timed } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';
import { openBenchWorkshop, queue, runner } from './workshop.ts';

interface Job {
  model: string;
  photos: number;
  width: number;
  height: number;
  /** Megapixels of the sources in a second: what the model must reach, and what is aimed at. */
  speed?: { bar: number; aim: number };
}

export const wholeJobBenchmark: Benchmark = {
  name: 'whole-job',
  run: () => wholeJob({ model: 'photo-x2', photos: 20, width: 2400, height: 1600 }),
};

export const wholeJobX4Benchmark: Benchmark = {
  name: 'whole-job-x4',
  run: () =>
    wholeJob({
      model: 'photo-x4',
      photos: 12,
      width: 1920,
      height: 1280,
      speed: { bar: 0.4, aim: 0.8 },
    }),
};

/**
 * Photographs from a folder to a folder, as the command line enlarges them: wall time against the bound, which is the CPU
 * time of untiled inference, decoding, encoding and verifying, each measured alone, shared out over the cores.
 */
async function wholeJob({ model, photos, width, height, speed }: Job): Promise<Finding[]> {
  await using folder = await temporaryFolder();
  const of = await plan(model);
  const source = join(folder.path, 'in');
  await mkdir(source);
  const [first] = await photographs(source, photos, width, height);
  const alone = await partsAlone(first as string, { folder: folder.path, width, height }, of);
  const bound = (photos * alone.total) / cores;
  await using workshop = await openBenchWorkshop(folder.path);
  const wall = await timed(async () => {
    const state = await runner(workshop, await queue(workshop, source, join(folder.path, 'out'), of)).run();
    if (state !== 'done') throw new Error(`The batch ended as ${state}.`);
  });
  const ratio = wall / bound;
  const megapixels = (width * height) / 1e6;
  const rate = (photos * megapixels) / (wall / 1000);
  const job = `${model} int8, ${photos} photos of ${megapixels.toFixed(1)} MP`;
  const against: Finding = {
    measure: `whole job, ${job}, against the bound`,
    seen: `${ratio.toFixed(3)} × (${(wall / 1000).toFixed(1)} s against ${(bound / 1000).toFixed(1)} s; ${rate.toFixed(2)} MP/s)`,
    bar: '≤ 1.15 ×',
    met: ratio <= 1.15,
  };
  const parts: Finding = {
    measure: `${model}, the bound by part: inference, decode, encode, verify of one photo`,
    seen: [alone.inference, alone.decode, alone.encode, alone.verify]
      .map((ms) => `${ms.toFixed(0)} ms`)
      .join(', '),
    bar: 'reported',
    met: undefined,
  };
  if (!speed) return [against, parts];
  const pace: Finding = {
    measure: `whole job, ${job}, megapixels of the sources in a second`,
    seen: `${rate.toFixed(2)} MP/s`,
    bar: `≥ ${speed.bar} MP/s (aim: ${speed.aim})`,
    met: rate >= speed.bar,
  };
  return [pace, against, parts];
}

/** CPU milliseconds of each part of one photograph's way, measured alone, the best of three. */
async function partsAlone(
  source: string,
  { folder, width, height }: { folder: string; width: number; height: number },
  { scale, receptiveRadius, shallow }: Plan,
) {
  const session = await InferenceSession.create(await readFile(shallow.file), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const dims = [1, height + 2 * receptiveRadius, width + 2 * receptiveRadius, 3];
  const input = new Tensor('uint8', new Uint8Array(dims.reduce((a, b) => a * b)), dims);
  const name = session.inputNames[0] as string;
  const parts = {
    inference: [] as number[],
    decode: [] as number[],
    encode: [] as number[],
    verify: [] as number[],
  };
  const enlarged = { width: width * scale, height: height * scale };
  const temporary = `${folder}/alone.jpg`;
  for (let round = 0; round < 3; round++) {
    parts.inference.push(await cpuTimed(() => session.run({ [name]: input })));
    const begun = process.cpuUsage();
    const decoded = await decode({ source, scratch: `${folder}/alone` });
    const layout = frameLayout(decoded, scale);
    const buffer = new SharedArrayBuffer(layout.byteLength);
    await load({ pixels: decoded.pixels, buffer, layout, transparent: false });
    parts.decode.push(cpuSince(begun));
    fillWithSource(buffer, layout, decoded, scale);
    parts.encode.push(
      await cpuTimed(() =>
        encode({
          ...decoded,
          joined: layout.joined,
          buffer,
          ...enlarged,
          format: 'jpeg',
          quality: undefined,
          temporary,
        }),
      ),
    );
    parts.verify.push(await cpuTimed(() => verify({ file: temporary, ...enlarged })));
    await rm(decoded.carrier);
  }
  const best = Object.fromEntries(
    Object.entries(parts).map(([part, times]) => [part, Math.min(...times)]),
  ) as Record<keyof typeof parts, number>;
  return { ...best, total: best.inference + best.decode + best.encode + best.verify };
}

/** Nearest-neighbour enlargement: detail for the encoder to work on. */
function fillWithSource(
  buffer: SharedArrayBuffer,
  layout: { source: number; result: number },
  { width, height }: { width: number; height: number },
  scale: number,
): void {
  const from = new Uint8Array(buffer, layout.source);
  const to = new Uint8Array(buffer, layout.result);
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      const pixel = 3 * (Math.floor(y / scale) * width + Math.floor(x / scale));
      const at = 3 * (y * width * scale + x);
      for (let channel = 0; channel < 3; channel++) to[at + channel] = from[pixel + channel] as number;
    }
  }
}

async function cpuTimed(work: () => Promise<unknown>): Promise<number> {
  const begun = process.cpuUsage();
  await work();
  return cpuSince(begun);
}

function cpuSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}
