import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { ImageBufferPool } from '../buffers/image-buffer-pool.ts';
import type { Lease } from '../buffers/lease.ts';
import type { CodecService } from '../codec/codec-service.ts';
import { frameLayout } from '../codec/frame-layout.ts';
import { pixelBytes } from '../codec/vips-frame.ts';
import type { Stage } from '../pipeline/stage.ts';
import type { ThreadClient } from '../threads/thread-rpc.ts';
import { addCopied, type Frame, type JobContext } from './frames.ts';

export type Codec = Pick<ThreadClient<CodecService>, 'ask'>;

/**
 * File → frame in pool memory, its metadata in a scratch file. `scratch` is the folder for those.
 *
 * One frame at a time, so that leases are taken in the frames' order: a later frame with the memory that an
 * earlier one waits for could not move on before it, and neither would ever.
 */
export function decodeStage(codec: Codec, pool: ImageBufferPool, scratch: string): Stage<JobContext, Frame> {
  return {
    name: 'decode',
    concurrency: 1,
    async run(context, { signal, frameId }) {
      const { job } = context;
      context.report('decoding', 0, 0, 0);
      let started = performance.now();
      const decoded = await codec.ask('decode', {
        source: job.source,
        scratch: `${scratch}/frame-${frameId}`,
      });
      context.milliseconds.decode += performance.now() - started;
      const files = [decoded.pixels, decoded.carrier];
      try {
        if (signal.aborted) throw cancelledError(signal);
        const layout = frameLayout(decoded, job.plan.scale);
        const lease = await acquire(pool, layout.byteLength, job.source, signal);
        try {
          started = performance.now();
          const loaded = await codec.ask('load', { pixels: decoded.pixels, buffer: lease.buffer, layout });
          context.milliseconds.decode += performance.now() - started;
          // Written to the scratch file and read from it again.
          addCopied(context, 'scratch', 2 * pixelBytes(decoded));
          addCopied(context, 'split', loaded.copied);
          if (signal.aborted) throw cancelledError(signal);
          return { context, decoded, transparent: loaded.transparent, layout, lease, tiles: 0 };
        } catch (error) {
          lease.release();
          throw error;
        }
      } catch (error) {
        await codec.ask('remove', { files });
        throw error;
      }
    },
    discard: (frame) => discardFrame(codec, frame),
  };
}

async function acquire(
  pool: ImageBufferPool,
  byteLength: number,
  source: string,
  signal: AbortSignal,
): Promise<Lease> {
  try {
    return await pool.acquire(byteLength, { signal });
  } catch (error) {
    if (!(error instanceof EnlargerError) || error.code !== 'too-large') throw error;
    throw new EnlargerError(
      'too-large',
      `${source}: source and result together take ${megabytes(byteLength)}, more than the memory budget leaves ` +
        `for one picture. Raise the budget (--memory-budget), or enlarge it less.`,
      { file: source, cause: error },
    );
  }
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;

export async function discardFrame(codec: Codec, { lease, decoded }: Frame): Promise<void> {
  lease.release();
  await codec.ask('remove', { files: [decoded.carrier] });
}
