import { cancelledError, EnlargerError } from '../../shared/errors.ts';
import type { ThreadClient } from '../../threads/thread-rpc.ts';
import type { ImageBufferPool } from '../buffers/image-buffer-pool.ts';
import { planBands } from '../codec/band-plan.ts';
import type { CodecService } from '../codec/codec-service.ts';
import type { DecodedFrame } from '../codec/decoded-frame.ts';
import { frameLayout } from '../codec/frame-layout.ts';
import { pixelBytes } from '../codec/vips-frame.ts';
import { tileNetworkOf } from '../inference/tile-network.ts';
import type { Stage } from '../pipeline/stage.ts';
import { addCopied, type BandedFrame, type Frame, type JobContext, type WholeFrame } from './frames.ts';
import { seamsOf, withSeams } from './seam-room.ts';

export type Codec = Pick<ThreadClient<CodecService>, 'ask'>;

/** Where frames go: pool memory, and the folder `scratch`. */
export interface FrameRoom {
  pool: ImageBufferPool;
  scratch: string;
}

/**
 * File → frame, its metadata in a scratch file. A frame that fits is read into pool memory; of one that does not the
 * pixels stay in their scratch file, and memory is for bands of it.
 *
 * One frame at a time, so that leases are taken in the frames' order: a later frame with the memory that an
 * earlier one waits for could not move on before it, and neither would ever.
 */
export function decodeStage(codec: Codec, room: FrameRoom): Stage<JobContext, Frame> {
  return {
    name: 'decode',
    concurrency: 1,
    async run(context, { signal, frameId }) {
      context.report('decoding', 0, 0, 0);
      const scratch = `${room.scratch}/frame-${frameId}`;
      const decoded = await timed(context, () =>
        codec.ask('decode', { source: context.job.source, scratch }),
      );
      try {
        if (signal.aborted) throw cancelledError(signal);
        const { scale } = context.job.plan;
        const alpha = `${scratch}.alpha.v`;
        const { pixels } = decoded;
        const transparent = await timed(context, () => codec.ask('enlargeAlpha', { pixels, alpha, scale }));
        const work = { context, decoded, alpha: transparent ? alpha : undefined, signal };
        const memory = memoryFor(work, room.pool.stats().budgetBytes, `${scratch}.result.tif`);
        const frame =
          memory.kind === 'whole'
            ? await wholeFrame(codec, room.pool, work, memory)
            : await bandedFrame(codec, room.pool, work, memory);
        // Written to the scratch file and read from it again.
        addCopied(context, 'scratch', 2 * pixelBytes(decoded));
        return frame;
      } catch (error) {
        await codec.ask('remove', { files: [decoded.pixels, decoded.carrier, `${scratch}.alpha.v`] });
        throw error;
      }
    },
    discard: (frame) => discardFrame(codec, frame),
  };
}

interface Decoded {
  context: JobContext;
  decoded: DecodedFrame;
  alpha: string | undefined;
  signal: AbortSignal;
}

/** Shares of the budget that one frame takes: half, so that others are in work beside it, or all if it must. */
const SHARES = [0.5, 1];

/** As a whole rather than in bands, but rather in bands than with all of the memory. */
function memoryFor({ context, decoded }: Decoded, budget: number, result: string): WholeFrame | BandedFrame {
  const { source, plan } = context.job;
  const { scale, tile } = plan;
  const layout = frameLayout(decoded, scale);
  const grid = seamsOf(decoded, plan);
  const whole = withSeams(grid, layout.byteLength);
  const besideBands = withSeams(grid, 0, { banded: true }).byteLength;
  for (const share of SHARES) {
    if (whole.byteLength <= share * budget) return { kind: 'whole', layout, ...whole };
    const room = Math.max(0, share * budget - besideBands);
    const bands = planBands(decoded, { ...tileNetworkOf(plan), tile }, room);
    if (bands) {
      return { kind: 'banded', plan: bands, result, ...withSeams(grid, bands.byteLength, { banded: true }) };
    }
  }
  throw new EnlargerError(
    'too-large',
    `${source}: a single row of tiles of this picture takes more than the memory budget leaves for pictures. ` +
      'Raise the budget (--memory-budget), or enlarge it less.',
    { file: source },
  );
}

async function wholeFrame(
  codec: Codec,
  pool: ImageBufferPool,
  { context, decoded, alpha, signal }: Decoded,
  memory: WholeFrame,
): Promise<Frame> {
  const { layout } = memory;
  const lease = await pool.acquire(memory.byteLength, { signal });
  try {
    const { pixels } = decoded;
    const { copied } = await timed(context, () =>
      codec.ask('load', { pixels, buffer: lease.buffer, layout, transparent: alpha !== undefined }),
    );
    addCopied(context, 'split', copied);
    if (signal.aborted) throw cancelledError(signal);
    return { context, decoded, alpha, lease, memory, tiles: 0 };
  } catch (error) {
    lease.release();
    throw error;
  }
}

async function bandedFrame(
  codec: Codec,
  pool: ImageBufferPool,
  { context, decoded, alpha, signal }: Decoded,
  memory: BandedFrame,
): Promise<Frame> {
  const { result } = memory;
  const size = { ...resultSize(decoded, context.job.plan.scale), bands: decoded.bands, deep: decoded.deep };
  await codec.ask('createResult', { source: context.job.source, result, size });
  try {
    const lease = await pool.acquire(memory.byteLength, { signal });
    return { context, decoded, alpha, lease, memory, tiles: 0 };
  } catch (error) {
    await codec.ask('remove', { files: [result] });
    throw error;
  }
}

const resultSize = ({ width, height }: DecodedFrame, scale: number) => ({
  width: width * scale,
  height: height * scale,
});

/** Adds the time that `work` takes to that of decoding. */
async function timed<T>({ milliseconds }: JobContext, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  milliseconds.decode += performance.now() - started;
  return result;
}

export async function discardFrame(
  codec: Codec,
  { context, lease, decoded, alpha, memory }: Frame,
): Promise<void> {
  await context.shown.close();
  lease.release();
  const files = alpha ? [decoded.carrier, alpha] : [decoded.carrier];
  if (memory.kind === 'banded') files.push(decoded.pixels, memory.result);
  await codec.ask('remove', { files });
}
