/** CIE L*a*b*: lightness 0..100, a* from green to red, b* from blue to yellow. */
export type Lab = readonly [lightness: number, a: number, b: number];

const radians = (degrees: number) => (degrees * Math.PI) / 180;
const cosine = (degrees: number) => Math.cos(radians(degrees));
const sine = (degrees: number) => Math.sin(radians(degrees));

/** 25^7: from about this chroma on, the corrections for greyish and for blue colours change. */
const TURNING = 25 ** 7;
const share = (chroma: number) => Math.sqrt(chroma ** 7 / (chroma ** 7 + TURNING));

/** Degrees in 0..360; 0 for what has no hue. */
function hueOf(a: number, b: number): number {
  if (a === 0 && b === 0) return 0;
  const degrees = (Math.atan2(b, a) * 180) / Math.PI;
  return degrees < 0 ? degrees + 360 : degrees;
}

/** From the first hue to the second the short way round, in degrees. */
function turn(first: number, second: number): number {
  const difference = second - first;
  if (difference > 180) return difference - 360;
  return difference < -180 ? difference + 360 : difference;
}

/** In the middle of the short way between two hues, in degrees. */
function middle(first: number, second: number): number {
  const sum = first + second;
  if (Math.abs(first - second) <= 180) return sum / 2;
  return sum < 360 ? sum / 2 + 180 : sum / 2 - 180;
}

/**
 * The colour difference CIEDE2000 with all parametric factors 1: about 1 is what an eye sees between patches
 * side by side. Source: G. Sharma, W. Wu, E. N. Dalal, The CIEDE2000 Color-Difference Formula: Implementation
 * Notes, Supplementary Test Data, and Mathematical Observations, Color Research and Application 30(1), 2005.
 */
export function ciede2000([l1, a1, b1]: Lab, [l2, a2, b2]: Lab): number {
  const stretch = 1 + 0.5 * (1 - share((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2));
  const [chroma1, chroma2] = [Math.hypot(stretch * a1, b1), Math.hypot(stretch * a2, b2)];
  const [hue1, hue2] = [hueOf(stretch * a1, b1), hueOf(stretch * a2, b2)];
  const coloured = chroma1 * chroma2 !== 0;

  const lightness = (l1 + l2) / 2;
  const chroma = (chroma1 + chroma2) / 2;
  const hue = coloured ? middle(hue1, hue2) : hue1 + hue2;
  const hueStep = coloured ? 2 * Math.sqrt(chroma1 * chroma2) * sine(turn(hue1, hue2) / 2) : 0;

  const byHue =
    1 -
    0.17 * cosine(hue - 30) +
    0.24 * cosine(2 * hue) +
    0.32 * cosine(3 * hue + 6) -
    0.2 * cosine(4 * hue - 63);
  const fromMiddle = (lightness - 50) ** 2;
  const inLightness = (l2 - l1) / (1 + (0.015 * fromMiddle) / Math.sqrt(20 + fromMiddle));
  const inChroma = (chroma2 - chroma1) / (1 + 0.045 * chroma);
  const inHue = hueStep / (1 + 0.015 * chroma * byHue);
  const rotation = -2 * share(chroma) * sine(60 * Math.exp(-(((hue - 275) / 25) ** 2)));
  return Math.sqrt(inLightness ** 2 + inChroma ** 2 + inHue ** 2 + rotation * inChroma * inHue);
}
