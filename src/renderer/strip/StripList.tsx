import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useView } from '../stores/view-store.ts';
import { EntryRow } from './EntryRow.tsx';
import { FileRow } from './FileRow.tsx';
import { Grid } from './grid.tsx';
import { AddedRow, BatchRow } from './HeadingRow.tsx';
import { rowId } from './PhotoRow.tsx';
import { photosOf, type Row } from './rows.ts';
import styles from './Strip.module.css';
import { useListKeys } from './use-list-keys.ts';
import { useListMouse } from './use-list-mouse.ts';
import { useSelection } from './use-selection.ts';

/** Heights before they are measured, in CSS pixels. */
const HEADING = 50;
const PHOTO = 66;
/** Lines beyond the edges of what is seen. */
const OVERSCAN = 6;

/** The lines of the strip: only those that are seen are there. */
export const StripList = memo(function StripList({ rows }: { rows: readonly Row[] }) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const current = useView((view) => view.current);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => list.current,
    estimateSize: (index) => (isHeading(rows[index]) ? HEADING : PHOTO),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const selection = useSelection(() => photosOf(rows));
  const keys = useListKeys(selection);
  const mouse = useListMouse(selection);

  // Whatever is looked at is seen in the list, too: also when it came from elsewhere, or another filter was chosen.
  const filter = useView((view) => view.filter);
  useEffect(() => {
    const index = rows.findIndex(({ key }) => key === current);
    if (index < 0) return;
    // Coming from below, the first of a batch is shown with its heading.
    const above = index <= (virtual.range?.startIndex ?? 0);
    virtual.scrollToIndex(above && isHeading(rows[index - 1]) ? index - 1 : index, { align: 'auto' });
  }, [current, filter]);

  const active =
    items.some(({ key }) => key === current) && current !== undefined ? rowId(current) : undefined;
  return (
    <Grid
      ref={list}
      aria-label={t('strip.list')}
      aria-rowcount={rows.length}
      aria-activedescendant={active}
      className={styles.list}
      onKeyDown={keys}
      onClick={mouse.click}
      onContextMenu={mouse.contextMenu}
    >
      <div className={styles.whole} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, key, start }) => (
          <div
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            className={styles.item}
            style={{ transform: `translateY(${start}px)` }}
          >
            <Line row={rows[index]} line={index + 1} />
          </div>
        ))}
      </div>
    </Grid>
  );
});

function Line({ row, line }: { row: Row | undefined; line: number }) {
  switch (row?.kind) {
    case 'batch':
      return <BatchRow batchId={row.batchId} line={line} />;
    case 'added':
      return <AddedRow line={line} />;
    case 'file':
      return <FileRow fileId={row.key} line={line} />;
    case 'entry':
      return <EntryRow entryKey={row.key} line={line} />;
  }
}

const isHeading = (row: Row | undefined) => row?.kind === 'batch' || row?.kind === 'added';
