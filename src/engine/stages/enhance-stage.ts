import { EnlargerError } from '../../shared/errors.ts';
import { type SessionSpec, sessionKey } from '../../shared/plan.ts';
import { planTiles } from '../../shared/tiles.ts';
import type { InferenceThreads } from '../inference/inference-threads.ts';
import type { TileWork } from '../inference/tile-runner.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { TileScheduler } from '../scheduling/tile-scheduler.ts';
import type { PixelPlace, ResultView } from '../viewing/result-in-work.ts';
import { countCopies } from './count-copies.ts';
import { type Codec, discardFrame } from './decode-stage.ts';
import { enhanceBands } from './enhance-bands.ts';
import { FrameTiles } from './frame-tiles.ts';
import type { Frame } from './frames.ts';

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
        const rects = planTiles(decoded.width, decoded.height, plan.tile, plan.network?.multiple);
        const tiles = new FrameTiles(scheduler, frame, {
          session: spec,
          total: rects.length,
          signal,
        });
        if (memory.kind === 'whole') await tiles.compute(`${frameId}`, rects, memory);
        else await enhanceBands(codec, tiles, frame, memory, signal, frameId);
        const ended = performance.now();
        context.milliseconds.enhance += ended - (tiles.begunAt ?? ended);
        countCopies(frame, spec, rects);
        const tilePixels = threads.tilePixels(sessionKey(spec));
        if (tilePixels !== undefined) context.tilePixels = tilePixels;
        const notes = [...decoded.notes, ...(tilePixels === undefined ? [] : [shortNote(spec)])];
        return { ...frame, decoded: { ...decoded, notes }, tiles: rects.length };
      } catch (error) {
        await discardFrame(codec, frame);
        throw error;
      }
    },
    discard: (frame) => discardFrame(codec, frame),
  };
}

function shortNote({ modelId, provider }: SessionSpec): string {
  return `Memory was too short for tiles of the usual size (${modelId}, ${provider}): smaller ones were computed.`;
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
