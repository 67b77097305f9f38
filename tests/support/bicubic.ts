/** Interleaved RGB bytes. */
export interface Rgb {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Keys' cubic with a = -0.5. */
function keys(distance: number): number {
  const d = Math.abs(distance);
  if (d <= 1) return 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
  return d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
}

/** For each of `to` positions the sources and weights that make it: stretched when shrinking, borders mirrored. */
function taps(from: number, to: number): { index: number; weight: number }[][] {
  const ratio = from / to;
  const stretch = Math.max(1, ratio);
  const reach = Math.ceil(2 * stretch) + 1;
  return Array.from({ length: to }, (_, position) => {
    const centre = (position + 0.5) * ratio - 0.5;
    const first = Math.floor(centre) - reach;
    const found = Array.from({ length: 2 * reach + 1 }, (_, offset) => {
      const index = first + offset;
      const inPeriod = ((index % (2 * from)) + 2 * from) % (2 * from);
      return {
        index: inPeriod < from ? inPeriod : 2 * from - 1 - inPeriod,
        weight: keys((index - centre) / stretch),
      };
    }).filter(({ weight }) => weight !== 0);
    const sum = found.reduce((total, { weight }) => total + weight, 0);
    return found.map(({ index, weight }) => ({ index, weight: weight / sum }));
  });
}

/** `picture` made `scale` times smaller by bicubic interpolation, as the field's benchmarks define it. */
export function reduced(picture: Rgb, scale: number): Rgb {
  const [width, height] = [picture.width / scale, picture.height / scale];
  const rows = taps(picture.height, height);
  const columns = taps(picture.width, width);
  const between = new Float64Array(height * picture.width * 3);
  rows.forEach((row, y) => {
    for (let x = 0; x < picture.width * 3; x++) {
      let sum = 0;
      for (const { index, weight } of row)
        sum += weight * (picture.data[index * picture.width * 3 + x] as number);
      between[y * picture.width * 3 + x] = sum;
    }
  });
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    columns.forEach((column, x) => {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (const { index, weight } of column) {
          sum += weight * (between[(y * picture.width + index) * 3 + channel] as number);
        }
        data[(y * width + x) * 3 + channel] = Math.min(255, Math.max(0, Math.floor(sum + 0.5)));
      }
    });
  }
  return { data, width, height };
}

/** PSNR in dB on BT.601 luma, `shave` pixels off each side: the figure of the field's tables. */
export function psnrY(a: Rgb, b: Rgb, shave: number): number {
  let sum = 0;
  for (let y = shave; y < a.height - shave; y++) {
    for (let x = shave; x < a.width - shave; x++) {
      const at = (y * a.width + x) * 3;
      const difference = (channel: number) =>
        (a.data[at + channel] as number) - (b.data[at + channel] as number);
      sum += ((65.481 * difference(0) + 128.553 * difference(1) + 24.966 * difference(2)) / 255) ** 2;
    }
  }
  return 10 * Math.log10(255 ** 2 / (sum / ((a.width - 2 * shave) * (a.height - 2 * shave))));
}
