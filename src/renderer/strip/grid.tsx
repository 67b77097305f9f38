// biome-ignore-all lint/a11y/useSemanticElements: a table lays out all of its rows, and most of these are not there.
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus, and says which row is meant.
import type { ComponentProps, Ref } from 'react';

/** The roles of a list with columns, for elements that are laid out otherwise than a table. */

interface GridProps extends ComponentProps<'div'> {
  ref: Ref<HTMLDivElement>;
  'aria-label': string;
}

export function Grid(props: GridProps) {
  return <div role="grid" tabIndex={0} aria-multiselectable="true" {...props} />;
}

interface GridRowProps extends ComponentProps<'div'> {
  /** In the whole list, from 1. */
  line: number;
}

export function GridRow({ line, ...props }: GridRowProps) {
  return <div role="row" aria-rowindex={line} {...props} />;
}

export function GridCell(props: ComponentProps<'div'>) {
  return <div role="gridcell" {...props} />;
}

export function GridHeader(props: ComponentProps<'div'>) {
  return <div role="rowheader" {...props} />;
}
