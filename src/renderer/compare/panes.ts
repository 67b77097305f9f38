import type { CompareMode } from '../stores/view-store.ts';

/** The two canvases; in the order in which they lie on each other, or beside each other. */
export type Pane = 'source' | 'result';

/** What each canvas shows; one without anything is not to be seen. */
export type Panes = Readonly<Record<Pane, Pane | undefined>>;

const ORIGINAL: Panes = { source: 'source', result: undefined };
const BOTH: Panes = { source: 'source', result: 'result' };

/** `peeking`: the original is asked for in place of the result. */
export function panesOf(mode: CompareMode, comparable: boolean, peeking: boolean): Panes {
  if (!comparable) return ORIGINAL;
  switch (mode) {
    case 'side':
      return peeking ? { source: 'source', result: 'source' } : BOTH;
    case 'slider':
      return peeking ? ORIGINAL : BOTH;
    case 'hold':
      return peeking ? ORIGINAL : { source: undefined, result: 'result' };
  }
}
