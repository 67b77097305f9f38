import { EnlargerError } from '../../shared/errors.ts';

/** `slots` buffers of `byteLength` bytes each; both whole numbers of at least 1. */
interface SizeClass {
  readonly byteLength: number;
  readonly slots: number;
}

/** What a pool may hold: its slots, and the bytes that slots and one-off allocations share. */
export interface PoolShape {
  /** In any order, each size at most once; empty makes every request a one-off allocation. */
  readonly classes: readonly SizeClass[];
  readonly budgetBytes: number;
}

/**
 * `shape` with its classes sorted by size.
 * Throws 'bad-argument' for sizes that are no positive whole numbers, for a size that occurs twice, and for slots
 * that exceed the budget.
 */
export function parseShape({ classes, budgetBytes }: PoolShape): PoolShape {
  expectWhole('budgetBytes', budgetBytes, 0);
  const sorted = classes.map(({ byteLength, slots }) => ({
    byteLength: expectWhole('a class byteLength', byteLength, 1),
    slots: expectWhole('a class slots', slots, 1),
  }));
  sorted.sort((a, b) => a.byteLength - b.byteLength);
  sorted.forEach(({ byteLength }, index) => {
    if (byteLength === sorted[index - 1]?.byteLength) {
      throw new EnlargerError(
        'bad-argument',
        `Expected each size class once but received ${byteLength} twice.`,
      );
    }
  });
  const slotBytes = sorted.reduce((sum, { byteLength, slots }) => sum + byteLength * slots, 0);
  if (slotBytes > budgetBytes) {
    throw new EnlargerError(
      'bad-argument',
      `Expected slots that fit budgetBytes (${budgetBytes}) but received ${slotBytes} bytes of them.`,
    );
  }
  return { classes: sorted, budgetBytes };
}

/** `value`; throws 'bad-argument' unless it is a whole number from `least` to `most`. */
export function expectWhole(
  name: string,
  value: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new EnlargerError(
    'bad-argument',
    `Expected a whole number ${bounds} for ${name} but received ${value} of type ${typeof value}.`,
  );
}
