import type { Sharp } from 'sharp';
import { ciede2000, type Lab } from './ciede2000.ts';

/** From linear RGB to CIE XYZ by rows. Sources: IEC 61966-2-1; SMPTE EG 432-1 with the white of sRGB. */
const TO_XYZ = {
  srgb: [0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.072175, 0.0193339, 0.119192, 0.9503041],
  p3: [0.4865709, 0.2656677, 0.1982173, 0.2289746, 0.6917385, 0.0792869, 0, 0.0451134, 1.0439444],
} as const;

/** A picture whose colours were taken through its profile, in the curve of sRGB. */
interface ManagedPicture {
  /** RGB and alpha, interleaved, 0..65535. */
  samples: Uint16Array;
  width: number;
  height: number;
  primaries: keyof typeof TO_XYZ;
}

/**
 * The colours that a picture's profile means, upright. libvips takes embedded profiles to Display P3 of 16 bits,
 * which clips what lies outside of it (of Adobe RGB, the deepest greens). Samples without a profile are read as sRGB.
 */
export async function managed(picture: Sharp): Promise<ManagedPicture> {
  const { hasProfile } = await picture.metadata();
  const { data, info } = await picture
    .clone()
    .autoOrient()
    .pipelineColourspace('rgb16')
    .toColourspace('rgb16')
    .ensureAlpha()
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const samples = new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));
  return { samples, width: info.width, height: info.height, primaries: hasProfile ? 'p3' : 'srgb' };
}

/** Undoes the curve of sRGB: 0..1 from 0..65535. */
const LINEAR = Float64Array.from({ length: 65_536 }, (_, sample) => {
  const encoded = sample / 65_535;
  return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
});

const linear = (sample: number) => LINEAR[Math.round(sample)] as number;

/** The curve of L*: a cube root, straight near black. */
const curve = (t: number) => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29);

/** L*a*b* under the white of RGB itself. `red`, `green` and `blue` are 0..65535 in the curve of sRGB. */
export function labOf(
  red: number,
  green: number,
  blue: number,
  primaries: ManagedPicture['primaries'] = 'srgb',
): Lab {
  const weights = TO_XYZ[primaries];
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const relative = (row: 0 | 3 | 6) => {
    const [fromRed, fromGreen, fromBlue] = [weights[row], weights[(row + 1) as 1], weights[(row + 2) as 2]];
    return curve((fromRed * r + fromGreen * g + fromBlue * b) / (fromRed + fromGreen + fromBlue));
  };
  const [x, y, z] = [relative(0), relative(3), relative(6)];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The cones of Bradford's adaptation, by rows, and what they make of D65 and of D50. Source: ICC.1:2022, annex E. */
const CONES = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296] as const;
const D65 = [0.95047, 1, 1.08883] as const;
const D50 = [0.9642, 1, 0.8249] as const;

type Triple = readonly [number, number, number];
type Matrix = readonly [number, number, number, number, number, number, number, number, number];

const times = (m: Matrix, [x, y, z]: Triple): Triple => [
  m[0] * x + m[1] * y + m[2] * z,
  m[3] * x + m[4] * y + m[5] * z,
  m[6] * x + m[7] * y + m[8] * z,
];

/** L*a*b* under D50 of sRGB, adapted as Bradford has it. `rgb` is 0..65535. */
export function labUnderD50(rgb: Triple): Lab {
  const linearRgb = rgb.map(linear) as unknown as Triple;
  const cones = times(CONES, times(TO_XYZ.srgb, linearRgb));
  const [from, to] = [times(CONES, D65), times(CONES, D50)];
  const adapted = cones.map((cone, at) => (cone * (to[at] as number)) / (from[at] as number));
  const [x, y, z] = solve(CONES, adapted as unknown as Triple).map((v, at) => curve(v / (D50[at] as number)));
  return [
    116 * (y as number) - 16,
    500 * ((x as number) - (y as number)),
    200 * ((y as number) - (z as number)),
  ];
}

/** The vector that `m` takes to `[p, q, r]`, by Cramer's rule. */
function solve(m: Matrix, [p, q, r]: Triple): Triple {
  const det = (a: Matrix) =>
    a[0] * (a[4] * a[8] - a[5] * a[7]) -
    a[1] * (a[3] * a[8] - a[5] * a[6]) +
    a[2] * (a[3] * a[7] - a[4] * a[6]);
  const whole = det(m);
  return [
    det([p, m[1], m[2], q, m[4], m[5], r, m[7], m[8]]) / whole,
    det([m[0], p, m[2], m[3], q, m[5], m[6], r, m[8]]) / whole,
    det([m[0], m[1], p, m[3], m[4], q, m[6], m[7], r]) / whole,
  ];
}

/**
 * Mean CIEDE2000 between `source` and `result`, a whole number of times larger: each source pixel against the
 * mean of the result's in its place, weighted with the source's alpha.
 */
export function meanDifference(source: ManagedPicture, result: ManagedPicture): number {
  const scale = result.width / source.width;
  let [sum, weights] = [0, 0];
  for (let y = 0; y < source.height; y++) {
    for (let x = 0; x < source.width; x++) {
      const at = 4 * (y * source.width + x);
      const weight = source.samples[at + 3] as number;
      if (weight === 0) continue;
      const [red, green, blue] = source.samples.subarray(at, at + 3) as unknown as [number, number, number];
      const wanted = labOf(red, green, blue, source.primaries);
      sum +=
        weight * ciede2000(wanted, labOf(...boxMean(result, x * scale, y * scale, scale), result.primaries));
      weights += weight;
    }
  }
  return weights === 0 ? 0 : sum / weights;
}

function boxMean(picture: ManagedPicture, left: number, top: number, side: number): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let y = top; y < top + side; y++) {
    for (let x = left; x < left + side; x++) {
      const at = 4 * (y * picture.width + x);
      for (let channel = 0; channel < 3; channel++) {
        sums[channel] = (sums[channel] as number) + (picture.samples[at + channel] as number);
      }
    }
  }
  return sums.map((sum) => sum / side ** 2) as [number, number, number];
}
