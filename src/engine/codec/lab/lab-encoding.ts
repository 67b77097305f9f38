import type { SampleArray } from '../planes.ts';

/** How the samples of a picture hold L*a*b*. */
export interface LabEncoding {
  /** `cielab`: a* and b* are signed. `icclab`: they have an offset. */
  kind: 'cielab' | 'icclab';
  /** 16 bits a sample instead of 8. */
  deep: boolean;
}

/** What a stored sample means: L* = `lightness` × sample; a*, b* = `chroma` × (sample, signed or not) − `offset`. */
interface Scale {
  lightness: number;
  chroma: number;
  offset: number;
  /** Largest sample that is not negative. */
  largest: number;
  /** Number of samples. */
  range: number;
}

/**
 * Sources: TIFF 6.0, section 23 (CIELab); Adobe, TIFF technical note 4 (ICCLab), whose 16 bits are those of ICC.1:2001:
 * 0xFF00 is an L* of 100.
 */
function scaleOf({ kind, deep }: LabEncoding): Scale {
  const chroma = deep ? 1 / 256 : 1;
  const range = deep ? 65_536 : 256;
  if (kind === 'cielab') {
    return { lightness: 100 / (range - 1), chroma, offset: 0, largest: range / 2 - 1, range };
  }
  return { lightness: deep ? 100 / 0xff00 : 100 / 255, chroma, offset: 128, largest: range - 1, range };
}

/** D50, under which Lab is meant in files. Source: ICC.1:2022. */
const WHITE = [0.9642, 1, 0.8249] as const;
/** From CIE XYZ under D50 to linear sRGB by rows: IEC 61966-2-1, adapted from D50 to D65 as Bradford has it. */
const TO_RGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/**
 * Turns L*a*b* under D50 into sRGB of the same depth, in place; what follows the first three of `bands` samples stays.
 * White becomes white. What sRGB does not have is clipped.
 */
export function labToSrgb(samples: SampleArray, bands: number, encoding: LabEncoding): void {
  const { lightness, chroma, offset, largest, range } = scaleOf(encoding);
  const chromaOf = (sample: number) => chroma * (sample > largest ? sample - range : sample) - offset;
  for (let at = 0; at < samples.length; at += bands) {
    const y = (lightness * (samples[at] as number) + 16) / 116;
    const x = y + chromaOf(samples[at + 1] as number) / 500;
    const z = y - chromaOf(samples[at + 2] as number) / 200;
    const [relativeX, relativeY, relativeZ] = [
      WHITE[0] * uncurved(x),
      WHITE[1] * uncurved(y),
      WHITE[2] * uncurved(z),
    ];
    for (let channel = 0; channel < 3; channel++) {
      const [fromX, fromY, fromZ] = TO_RGB[channel as 0 | 1 | 2];
      const light = fromX * relativeX + fromY * relativeY + fromZ * relativeZ;
      samples[at + channel] = Math.round((range - 1) * encoded(light));
    }
  }
}

/** Undoes the curve of L*: a cube, straight near black. */
const uncurved = (t: number) => (t > 6 / 29 ? t * t * t : 3 * (6 / 29) ** 2 * (t - 4 / 29));

/** The curve of sRGB, clipped to 0..1. */
function encoded(light: number): number {
  if (light <= 0.0031308) return Math.max(0, 12.92 * light);
  return Math.min(1, 1.055 * light ** (1 / 2.4) - 0.055);
}
