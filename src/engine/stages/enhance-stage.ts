import { EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { planTiles, type Rect, scaled } from '../../shared/tiles.ts';
import { sampleBytes } from '../codec/vips-frame.ts';
import type { InferenceThreads } from '../inference/inference-threads.ts';
import type { SharedFrame, TileWork } from '../inference/tile-runner.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { TileScheduler } from '../scheduling/tile-scheduler.ts';
import { type Codec, discardFrame } from './decode-stage.ts';
import { addCopied, type Frame } from './frames.ts';

/** Frame → the same frame with its result filled in, tile by tile, by all inference workers. */
export function enhanceStage(
  codec: Codec,
  threads: InferenceThreads,
  scheduler: TileScheduler<TileWork>,
): Stage<Frame, Frame> {
  return {
    name: 'enhance',
    // The next frame's tiles fill the gap while the last ones of this frame are still in work.
    concurrency: 2,
    async run(frame, { signal, frameId }) {
      const { context, decoded } = frame;
      const { job } = context;
      try {
        const spec = decoded.deep ? job.plan.deep : job.plan.shallow;
        expectResident(threads, spec);
        const started = performance.now();
        const rects = planTiles(decoded.width, decoded.height, job.plan.tile);
        const jobId = String(frameId);
        const work = tileWork(frame, sessionKey(spec));
        let done = 0;
        let pixels = 0;
        context.report('enhancing', 0, rects.length, 0);
        await scheduler.submit({
          id: jobId,
          lane: job.lane,
          tiles: rects.map((rect, index) => ({
            jobId,
            index,
            x: rect.x + rect.width / 2,
            y: rect.y + rect.height / 2,
            cost: rect.width * rect.height,
            payload: work(rect),
          })),
          signal,
          onTile: ({ cost, payload }) => {
            done += 1;
            pixels += cost;
            context.report('enhancing', done, rects.length, pixels, scaled(payload.tile, job.plan.scale));
          },
        });
        context.milliseconds.enhance += performance.now() - started;
        countCopies(frame, rects);
        return { ...frame, tiles: rects.length };
      } catch (error) {
        await discardFrame(codec, frame);
        throw error;
      }
    },
    discard: (frame) => discardFrame(codec, frame),
  };
}

/** Main loads sessions before it sends files; one that is missing would be loaded behind its back. */
function expectResident(threads: InferenceThreads, spec: SessionSpec): void {
  if (threads.isResident(sessionKey(spec))) return;
  throw new EnlargerError('internal', `The session of ${spec.modelId} (${spec.variant}) is not resident.`);
}

function tileWork({ context, decoded, layout, lease }: Frame, session: string): (tile: Rect) => TileWork {
  const { scale, receptiveRadius } = context.job.plan;
  const { width, height, deep } = decoded;
  const source: SharedFrame = { buffer: lease.buffer, offset: layout.source, width, height, deep };
  const result = { ...source, offset: layout.result, width: width * scale, height: height * scale };
  const flags = { flags: context.flag.buffer, flag: context.flag.index };
  return (tile) => ({ session, source, result, tile, scale, radius: receptiveRadius, ...flags });
}

function countCopies({ context, decoded }: Frame, rects: readonly Rect[]): void {
  const { scale, receptiveRadius } = context.job.plan;
  const pixel = 3 * sampleBytes(decoded);
  const padded = rects.reduce(
    (sum, { width, height }) => sum + (width + 2 * receptiveRadius) * (height + 2 * receptiveRadius),
    0,
  );
  addCopied(context, 'gather', padded * pixel);
  const result = decoded.width * decoded.height * scale * scale * pixel;
  // ONNX Runtime hands its output over as a copy, in the type of the entry.
  addCopied(context, 'runtime', decoded.deep ? 2 * result : result);
  addCopied(context, 'scatter', result);
  if (decoded.deep) addCopied(context, 'convert', 2 * padded * pixel + result);
}
