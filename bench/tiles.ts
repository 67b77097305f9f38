import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { InferenceThreads } from '../src/engine/inference/inference-threads.ts';
import type { SharedFrame, TileWork } from '../src/engine/inference/tile-runner.ts';
import { TileScheduler } from '../src/engine/scheduling/tile-scheduler.ts';
import { sessionKey } from '../src/shared/plan.ts';
import { planTiles, type Rect } from '../src/shared/tiles.ts';
import { plan } from './engine-run.ts';
import { alternating, type Benchmark, quantile, ratios, spread, timed } from './harness.ts';

const SIDE = 2048;

/** The same network over the same tiles: scheduler and worker against a bare loop around `session.run`. */
export const tilesBenchmark: Benchmark = {
  name: 'tiles',
  async run() {
    const of = await plan('photo-x2');
    const { tile, scale, receptiveRadius: radius, shallow } = of;
    const tiles = planTiles(SIDE, SIDE, tile);
    const threads = new InferenceThreads(1);
    await threads.load(shallow, { tile, scale, radius });
    const scheduler = new TileScheduler<TileWork>({
      workers: [{ id: 0, run: async (task) => void (await threads.run(0, task.payload)) }],
    });
    const source = frame(SIDE);
    const result = frame(SIDE * scale);
    const flags = new SharedArrayBuffer(4);
    const scheduled = () =>
      scheduler.submit({
        id: 'bench',
        lane: 'batch',
        tiles: tiles.map((rect, index) => ({
          jobId: 'bench',
          index,
          x: rect.x,
          y: rect.y,
          cost: 1,
          payload: {
            session: sessionKey(shallow),
            source,
            result,
            tile: rect,
            scale,
            radius,
            flags,
            flag: 0,
          },
        })),
      });

    const session = await InferenceSession.create(await readFile(shallow.file), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
    const inputs = tiles.map(({ width, height }) => {
      const dims = [1, height + 2 * radius, width + 2 * radius, 3];
      return new Tensor('uint8', new Uint8Array(dims.reduce((a, b) => a * b)), dims);
    });
    const bare = async () => {
      for (const input of inputs) await session.run({ [session.inputNames[0] as string]: input });
    };
    await bare();
    const { a, b } = await alternating(
      5,
      () => timed(scheduled),
      () => timed(bare),
    );
    const cost = ratios(a, b);
    const skipped = {
      session: '',
      source,
      result,
      tile: tiles[0] as Rect,
      scale,
      radius,
      flags: raised(),
      flag: 0,
    };
    const handOver = await handOverTimes(threads, skipped);
    await threads.close();
    return [
      {
        measure: 'the same tiles through scheduler and worker against `session.run` in a loop',
        seen: `${spread(cost, 3)} ×`,
        bar: '≤ 1.05 ×',
        met: quantile(cost, 0.5) <= 1.05,
      },
      {
        measure: 'handing a tile to an idle worker thread and hearing back, p99',
        seen: `${quantile(handOver, 0.99).toFixed(3)} ms`,
        bar: '< 0.5 ms',
        met: quantile(handOver, 0.99) < 0.5,
      },
    ];
  },
};

function raised(): SharedArrayBuffer {
  const flags = new Int32Array(new SharedArrayBuffer(4));
  flags[0] = 1;
  return flags.buffer;
}

function frame(side: number): SharedFrame {
  return {
    buffer: new SharedArrayBuffer(side * side * 3),
    offset: 0,
    width: side,
    height: side,
    deep: false,
  };
}

/**
 * Milliseconds from `submit` to the answer of an idle worker thread for a tile that it skips because its job is
 * cancelled: the way there and back, and nothing computed.
 */
async function handOverTimes(threads: InferenceThreads, skipped: TileWork): Promise<number[]> {
  const scheduler = new TileScheduler<TileWork>({
    workers: [{ id: 0, run: async ({ payload }) => void (await threads.run(0, payload)) }],
  });
  const times: number[] = [];
  for (let count = 0; count < 2000; count++) {
    const tile = { jobId: `${count}`, index: 0, x: 0, y: 0, cost: 1, payload: skipped };
    times.push(await timed(() => scheduler.submit({ id: tile.jobId, lane: 'interactive', tiles: [tile] })));
  }
  await scheduler.stop();
  return times;
}
