/** What the command line tells the program that called it. */
export const EXIT = {
  allDone: 0,
  someFailed: 1,
  badArguments: 2,
  nothingDone: 3,
} as const;

export interface Outcome {
  done: number;
  failed: number;
  /** Results that were there already: nothing was to do for them. */
  skipped: number;
  cancelled: number;
}

export function exitCodeOf({ done, failed, skipped, cancelled }: Outcome): number {
  if (done + skipped === 0) return EXIT.nothingDone;
  return failed + cancelled > 0 ? EXIT.someFailed : EXIT.allDone;
}
