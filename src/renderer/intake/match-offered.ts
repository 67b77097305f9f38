import type { Offered } from '../../shared/contract/input.ts';

/**
 * Which offer stands for which of the files with these names: offers are in the order of the files, and files that
 * have no path have none.
 */
export function matchOffered(names: readonly string[], offered: readonly Offered[]): (Offered | undefined)[] {
  let next = 0;
  return names.map((name) => {
    const offer = offered[next];
    if (offer?.name !== name) return undefined;
    next += 1;
    return offer;
  });
}
