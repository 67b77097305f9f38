/**
 * Between the bands of a file (gray, gray + alpha, RGB, RGB + alpha) and what the network reads (RGB) with
 * alpha beside it. Samples are interleaved by pixel, rows without gaps.
 */

export type SampleArray = Uint8Array | Uint16Array;

export const hasAlpha = (bands: number) => bands === 2 || bands === 4;
export const isGray = (bands: number) => bands <= 2;

/** Spreads `pixels` samples of `bands` into `rgb` and, where there is one, `alpha`. */
export function split(
  samples: SampleArray,
  bands: number,
  pixels: number,
  rgb: SampleArray,
  alpha?: SampleArray,
): void {
  const gray = isGray(bands);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * bands;
    const to = pixel * 3;
    rgb[to] = samples[from] as number;
    rgb[to + 1] = samples[gray ? from : from + 1] as number;
    rgb[to + 2] = samples[gray ? from : from + 2] as number;
    if (alpha) alpha[pixel] = samples[from + bands - 1] as number;
  }
}

/** The reverse of `split`. Gray is the rounded mean of the three; without `alpha`, alpha is opaque. */
export function join(
  rgb: SampleArray,
  alpha: SampleArray | undefined,
  bands: number,
  pixels: number,
  samples: SampleArray,
): void {
  const gray = isGray(bands);
  const opaque = opaqueOf(samples);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * 3;
    const to = pixel * bands;
    const [red, green, blue] = [rgb[from] as number, rgb[from + 1] as number, rgb[from + 2] as number];
    if (gray) {
      samples[to] = Math.round((red + green + blue) / 3);
    } else {
      samples[to] = red;
      samples[to + 1] = green;
      samples[to + 2] = blue;
    }
    if (hasAlpha(bands)) samples[to + bands - 1] = alpha ? (alpha[pixel] as number) : opaque;
  }
}

const opaqueOf = (samples: SampleArray) => (samples instanceof Uint16Array ? 65_535 : 255);

export function isOpaque(alpha: SampleArray): boolean {
  const opaque = opaqueOf(alpha);
  return alpha.every((value) => value === opaque);
}
