import type { SquarePlace } from '../../shared/squares.ts';
import { OpenedPictures } from './opened-pictures.ts';
import { ResultSquares, type ResultSquareWork } from './result-squares.ts';

/** What the thread does for whoever looks at pictures closely. `scratch`: the engine's folder for scratch files. */
export function viewService(scratch: string) {
  const pictures = new OpenedPictures(scratch);
  const results = new ResultSquares(scratch);
  return {
    square: ({ source, place, target }: { source: string; place: SquarePlace; target: string }) =>
      pictures.square(source, place, target),
    resultSquare: (work: ResultSquareWork) => results.square(work),
    forget: async ({ key }: { key: number }) => results.forget(key),
  };
}

export type ViewService = ReturnType<typeof viewService>;
