/**
 * What networks are known to take off red, green and blue, or to weigh them with: the means of ImageNet, of DIV2K and of
 * faces, and luma by BT.601 and BT.709.
 */
const KNOWN: readonly (readonly [number, number, number])[] = [
  [0.485, 0.456, 0.406],
  [0.4488, 0.4371, 0.404],
  [0.4432, 0.4278, 0.3993],
  [0.5063, 0.4258, 0.3832],
  [0.299, 0.587, 0.114],
  [0.2126, 0.7152, 0.0722],
];

/** The means of pictures among `KNOWN`; the others weigh. */
const MEANS = 4;

export interface KnownMean {
  order: 'RGB' | 'BGR';
  /** What white is where these are taken off; undefined for weights, which say nothing of that. */
  white: 1 | 255 | undefined;
}

/** Among constants, the first that is known, and what it says. */
export function knownMean(constants: Iterable<readonly number[]>): KnownMean | undefined {
  for (const values of constants) {
    for (const white of [1, 255] as const) {
      const scaled = values.map((value) => Math.abs(value) / white);
      const turned = [...scaled].reverse();
      for (const [index, known] of KNOWN.entries()) {
        const order = near(scaled, known) ? 'RGB' : near(turned, known) ? 'BGR' : undefined;
        if (order) return { order, white: index < MEANS ? white : undefined };
      }
    }
  }
  return undefined;
}

const near = (values: readonly number[], known: readonly number[]): boolean =>
  values.length === known.length &&
  values.every((value, at) => Math.abs(value - (known[at] as number)) < 5e-4);
