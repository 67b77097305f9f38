import { EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { planTiles, type Rect } from '../../shared/tiles.ts';
import { sampleBytes } from '../codec/vips-frame.ts';
import type { InferenceThreads } from '../inference/inference-threads.ts';
import type { TileWork } from '../inference/tile-runner.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { TileScheduler } from '../scheduling/tile-scheduler.ts';
import type { PixelPlace, ResultView } from '../viewing/result-in-work.ts';
import { type Codec, discardFrame } from './decode-stage.ts';
import { enhanceBands } from './enhance-bands.ts';
import { FrameTiles } from './frame-tiles.ts';
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
      const { context, decoded, memory } = frame;
      try {
        const { plan } = context.job;
        context.shown.begin(viewOf(frame));
        const spec = decoded.deep ? plan.deep : plan.shallow;
        expectResident(threads, spec);
        const rects = planTiles(decoded.width, decoded.height, plan.tile);
        const tiles = new FrameTiles(scheduler, frame, {
          session: sessionKey(spec),
          total: rects.length,
          signal,
        });
        if (memory.kind === 'whole') await tiles.compute(`${frameId}`, rects, memory.layout);
        else await enhanceBands(codec, tiles, frame, memory, signal, frameId);
        const ended = performance.now();
        context.milliseconds.enhance += ended - (tiles.begunAt ?? ended);
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

function viewOf({ context, decoded, alpha, lease, memory }: Frame): Omit<ResultView, 'key'> {
  const { scale } = context.job.plan;
  const { width, height, bands, deep, carrier } = decoded;
  const size = { width: width * scale, height: height * scale, bands, deep };
  const pixels: PixelPlace =
    memory.kind === 'whole'
      ? { kind: 'memory', buffer: lease.buffer, offset: memory.layout.result, bands: 3 }
      : { kind: 'file', file: memory.result };
  return { size, pixels, alpha, carrier };
}

/** Main loads sessions before it sends files; one that is missing would be loaded behind its back. */
function expectResident(threads: InferenceThreads, spec: SessionSpec): void {
  if (threads.isResident(sessionKey(spec))) return;
  throw new EnlargerError('internal', `The session of ${spec.modelId} (${spec.variant}) is not resident.`);
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
