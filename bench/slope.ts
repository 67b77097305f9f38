/** A straight line through points, by least squares. */
export interface Slope {
  /** y for each x. */
  value: number;
  /** What the true slope lies between with a probability of 95 %, the points' errors being independent. */
  low: number;
  high: number;
}

/** Throws for fewer than ten points: a bound from so few would say nothing. */
export function slopeOf(points: readonly { x: number; y: number }[]): Slope {
  const count = points.length;
  if (count < 10) throw new Error(`A slope through ${count} points says nothing.`);
  const mean = (of: (point: { x: number; y: number }) => number) => sum(points.map(of)) / count;
  const [middleX, middleY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const spread = sum(points.map(({ x }) => (x - middleX) ** 2));
  const value = sum(points.map(({ x, y }) => (x - middleX) * (y - middleY))) / spread;
  const errors = points.map(({ x, y }) => y - middleY - value * (x - middleX));
  const deviation = Math.sqrt(sum(errors.map((error) => error ** 2)) / (count - 2) / spread);
  const margin = studentT(count - 2) * deviation;
  return { value, low: value - margin, high: value + margin };
}

/** The 97.5 % quantile of Student's distribution for at least 8 degrees of freedom, by its expansion around the normal one. */
function studentT(freedom: number): number {
  const z = 1.959964;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return z + first / freedom + second / freedom ** 2;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
