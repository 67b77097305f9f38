import { readFile, rm } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { decode } from '../src/engine/codec/decode.ts';
import { encode } from '../src/engine/codec/encode.ts';
import { frameLayout } from '../src/engine/codec/frame-layout.ts';
import { load } from '../src/engine/codec/load.ts';
import { verify } from '../src/engine/codec/verify.ts';
import type { Plan } from '../src/shared/plan.ts';
import { enhanceAll, plan, startEngine } from './engine-run.ts';
import { type Benchmark, cores, timed } from './harness.ts';
import { photographs, temporaryFolder } from './photographs.ts';

const PHOTOS = 20;
const [WIDTH, HEIGHT] = [2400, 1600];

/**
 * Twenty photographs from file to file: wall time against the bound, which is the CPU time of untiled inference,
 * decoding, encoding and verifying, each measured alone, shared out over the cores.
 */
export const wholeJobBenchmark: Benchmark = {
  name: 'whole-job',
  async run() {
    await using folder = await temporaryFolder();
    const of = await plan('photo-x2');
    const sources = await photographs(folder.path, PHOTOS, WIDTH, HEIGHT);
    const alone = await partsAlone(sources[0] as string, folder.path, of);
    const bound = (PHOTOS * alone.total) / cores;
    await using engine = await startEngine(folder.path, of);
    const wall = await timed(() => enhanceAll(engine.client, sources, of));
    const ratio = wall / bound;
    const megapixels = (PHOTOS * WIDTH * HEIGHT) / 1e6;
    return [
      {
        measure: `whole job, photo-x2 int8, ${PHOTOS} photos of ${((WIDTH * HEIGHT) / 1e6).toFixed(1)} MP, against the bound`,
        seen: `${ratio.toFixed(3)} × (${(wall / 1000).toFixed(1)} s against ${(bound / 1000).toFixed(1)} s; ${(megapixels / (wall / 1000)).toFixed(2)} MP/s)`,
        bar: '≤ 1.15 ×',
        met: ratio <= 1.15,
      },
      {
        measure: 'the bound, by part: inference, decode, encode, verify of one photo',
        seen: [alone.inference, alone.decode, alone.encode, alone.verify]
          .map((ms) => `${ms.toFixed(0)} ms`)
          .join(', '),
        bar: 'reported',
        met: undefined,
      },
    ];
  },
};

/** CPU milliseconds of each part of one photograph's way, measured alone, the best of three. */
async function partsAlone(source: string, folder: string, { scale, receptiveRadius, shallow }: Plan) {
  const session = await InferenceSession.create(await readFile(shallow.file), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const dims = [1, HEIGHT + 2 * receptiveRadius, WIDTH + 2 * receptiveRadius, 3];
  const input = new Tensor('uint8', new Uint8Array(dims.reduce((a, b) => a * b)), dims);
  const name = session.inputNames[0] as string;
  const parts = {
    inference: [] as number[],
    decode: [] as number[],
    encode: [] as number[],
    verify: [] as number[],
  };
  const [width, height] = [WIDTH * scale, HEIGHT * scale];
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
          width,
          height,
          format: 'jpeg',
          quality: undefined,
          temporary,
        }),
      ),
    );
    parts.verify.push(await cpuTimed(() => verify({ file: temporary, width, height })));
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
