import { cancelledError } from '../../shared/errors.ts';
import type { FrameLayout } from '../codec/frame-layout.ts';
import type { Rows } from '../codec/load.ts';
import type { Codec } from './decode-stage.ts';
import type { FrameTiles } from './frame-tiles.ts';
import { addCopied, type BandedFrame, type Frame } from './frames.ts';

/**
 * Fills in the result of a frame that memory cannot hold, band by band, in its scratch file. While the tiles of one
 * band are computed the next is read and the one before is written.
 *
 * Returns or throws only when nothing touches the frame's memory any more.
 */
export async function enhanceBands(
  codec: Codec,
  tiles: FrameTiles,
  frame: Frame,
  { plan, result, seams }: BandedFrame,
  signal: AbortSignal,
  frameId: number,
): Promise<void> {
  const { context, decoded, alpha, lease } = frame;
  const transparent = alpha !== undefined;
  const { scale } = context.job.plan;
  const { buffer } = lease;
  const { pixels, bands, deep } = decoded;
  const size = { width: decoded.width * scale, height: decoded.height * scale, bands, deep };

  // What a band shares with the next is done with that one, and lies in its slot.
  const shared = (seams?.rows.reach ?? 0) / scale;
  const endOf = (index: number) => {
    const next = plan.bands[index + 1];
    return next ? next.covered.top - shared : decoded.height;
  };
  const slotOf = (index: number) => plan.slots[index % plan.slots.length] as FrameLayout;

  const loaded: Promise<void>[] = [];
  const computed: Promise<void>[] = [];
  const stored: Promise<void>[] = [];
  for (const [index, band] of plan.bands.entries()) {
    const layout = slotOf(index);
    const { held } = band;
    const next = plan.bands[index + 1];
    const below = next && { layout: slotOf(index + 1), held: next.held };
    const top = index === 0 ? 0 : endOf(index - 1);
    const done = { top, rows: endOf(index) - top };
    loaded[index] = after([stored[index - plan.slots.length]], signal, async () => {
      const { copied } = await codec.ask('loadRows', { pixels, buffer, layout, rows: held, transparent });
      addCopied(context, 'split', copied);
    });
    // Two at once, so that workers are not idle while the last tile of one band is computed; whichever was read first, none
    // before all but the last of those above are done.
    // What a band shares is written into the next one's slot, which has to be free by then.
    const free = seams && next && stored[index + 1 - plan.slots.length];
    computed[index] = after([loaded[index], computed[index - 2], computed[index - 3], free], signal, () =>
      tiles.compute(`${frameId}/${index}`, band.tiles, { layout, held }, below),
    );
    stored[index] = after([computed[index], stored[index - 1]], signal, async () => {
      const places = { held: times(held, scale), rows: times(done, scale) };
      const { copied } = await codec.ask('storeRows', { buffer, layout, result, alpha, size, ...places });
      addCopied(context, 'join', copied);
      tiles.show({ x: 0, y: done.top, width: decoded.width, height: done.rows });
    });
  }
  await Promise.allSettled([...loaded, ...computed, ...stored]);
  await Promise.all(stored);
}

async function after(
  before: readonly (Promise<void> | undefined)[],
  signal: AbortSignal,
  act: () => Promise<void>,
): Promise<void> {
  await Promise.all(before);
  if (signal.aborted) throw cancelledError(signal);
  await act();
}

const times = ({ top, rows }: Rows, scale: number): Rows => ({ top: top * scale, rows: rows * scale });
