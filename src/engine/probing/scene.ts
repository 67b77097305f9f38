/** A picture in planes: channel after channel, rows without gaps, values in 0..1 (or in the range that a network has). */
export interface Planes {
  data: Float32Array;
  channels: number;
  width: number;
  height: number;
}

const ALPHA = 3;

/**
 * A piece of an endless built-in picture that looks like a photograph to a network: slopes, edges, waves of several
 * frequencies and fine texture, its three channels different. The piece begins at (`left`, `top`); a fourth channel is
 * opaque alpha. Values lie in 0.02..0.98, and are not to be written to.
 */
export function scene(
  { width, height, channels }: Omit<Planes, 'data'>,
  [left, top]: readonly [number, number] = [0, 0],
): Planes {
  const key = [width, height, channels, left, top].join();
  if (last.key === key) return { data: last.data, channels, width, height };
  const data = new Float32Array(channels * width * height);
  for (let channel = 0, at = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        data[at] = channel === ALPHA ? 1 : valueAt(channel, x + left, y + top);
      }
    }
  }
  last = { key, data };
  return { data, channels, width, height };
}

/** The last piece that was made: most are made several times in a row. */
let last = { key: '', data: new Float32Array(0) };

function valueAt(channel: number, x: number, y: number): number {
  const waves = 0.17 * Math.sin(0.11 * x + 1.9 * channel + 0.6 * Math.sin(0.07 * y));
  const slopes = 0.14 * Math.sin(0.13 * y - 2.3 * channel + 0.031 * x);
  const edges = 0.12 * Math.tanh(5 * Math.sin(0.045 * x + 0.083 * y + channel));
  const texture = 0.025 * Math.sin(1.1 * x + 0.4 * channel) * Math.sin(0.9 * y);
  return Math.min(0.98, Math.max(0.02, 0.5 + waves + slopes + edges + texture));
}

/** `planes` with `change` made of each value; `change` gets the value, and its column and row. */
export function changed(planes: Planes, change: (value: number, x: number, y: number) => number): Planes {
  const { width, height, channels } = planes;
  const data = new Float32Array(planes.data.length);
  for (let channel = 0, at = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const value = planes.data[at] as number;
        data[at] = channel === ALPHA ? value : change(value, x, y);
      }
    }
  }
  return { ...planes, data };
}
