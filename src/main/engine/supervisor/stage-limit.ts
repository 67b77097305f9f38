import type { JobState } from '../../../shared/engine-protocol.ts';

/** Pixels of a job's picture, before and after. */
export interface JobPixels {
  sourcePixels: number;
  resultPixels: number;
}

/** Milliseconds that a stage may take whatever the picture, and those that each megapixel adds. */
const DECODING = { base: 60_000, perMegapixel: 10_000 };
const ENCODING = { base: 60_000, perMegapixel: 20_000 };
const VERIFYING = { base: 60_000, perMegapixel: 5_000 };

/** A tile takes seconds on the slowest machine that is worth using; its size does not follow the picture's. */
const ENHANCING = 120_000;

/**
 * Milliseconds after which a job in `state` that has not moved on hangs rather than works. The limits are some
 * hundred times what a machine of today takes: they are for codecs and networks that never come back, on
 * machines that are slow, busy, or read from a network. AVIF is the slowest that pictures are encoded to.
 */
export function stageLimit(state: JobState, { sourcePixels, resultPixels }: JobPixels): number {
  const [source, result] = [sourcePixels / 1e6, resultPixels / 1e6];
  switch (state) {
    case 'decoding':
      return DECODING.base + DECODING.perMegapixel * source;
    case 'enhancing':
      return ENHANCING;
    case 'encoding':
      return ENCODING.base + ENCODING.perMegapixel * result;
    case 'verifying':
      return VERIFYING.base + VERIFYING.perMegapixel * result;
  }
}
