import { hasAlpha } from './planes.ts';
import { sampleBytes } from './vips-frame.ts';

/** Where the parts of one file's work lie in the one piece of pool memory that it holds. In bytes. */
export interface FrameLayout {
  byteLength: number;
  /** RGB of the source. */
  source: number;
  /** Alpha of the source; absent without alpha. */
  alpha?: number;
  /** RGB of the result, as the network writes it. */
  result: number;
  /** The result with the bands of the file, as it is encoded from; begins at or before `result`. */
  joined: number;
}

/**
 * One lease holds source and result together: were they leased one after the other, frames that have their
 * source could wait for each other's result for ever.
 *
 * With four bands the RGB result stands one band further on, so that joining alpha to it can write forwards
 * in place without reaching what it has yet to read.
 */
export function frameLayout(
  frame: { width: number; height: number; bands: number; deep: boolean },
  scale: number,
): FrameLayout {
  const sample = sampleBytes(frame);
  const sourcePixels = frame.width * frame.height * sample;
  const resultPixels = sourcePixels * scale * scale;
  const alpha = hasAlpha(frame.bands) ? 3 * sourcePixels : undefined;
  const joined = aligned(3 * sourcePixels + (alpha === undefined ? 0 : sourcePixels));
  const result = joined + (frame.bands === 4 ? resultPixels : 0);
  return {
    byteLength: result + 3 * resultPixels,
    source: 0,
    ...(alpha === undefined ? {} : { alpha }),
    result,
    joined,
  };
}

/** Sample arrays begin on their own size; the next multiple of eight suits them all. */
const aligned = (byteLength: number) => Math.ceil(byteLength / 8) * 8;
