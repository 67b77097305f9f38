interface Pixels {
  data: ArrayLike<number>;
  width: number;
  height: number;
}

/** The largest difference between samples of two pictures; throws unless they are of the same size. */
export function largestDifference(a: Pixels, b: Pixels): number {
  if (a.width !== b.width || a.height !== b.height || a.data.length !== b.data.length) {
    throw new Error(
      `Pictures of ${a.width}×${a.height} (${a.data.length} samples) and ` +
        `${b.width}×${b.height} (${b.data.length} samples) cannot be compared.`,
    );
  }
  let largest = 0;
  for (let index = 0; index < a.data.length; index++) {
    largest = Math.max(largest, Math.abs((a.data[index] as number) - (b.data[index] as number)));
  }
  return largest;
}

/** One channel of interleaved samples. */
export function channelOf(
  { data, channels }: { data: Uint8Array | Uint16Array; channels: number },
  channel: number,
): Uint8Array | Uint16Array {
  return data.filter((_, index) => index % channels === channel);
}
