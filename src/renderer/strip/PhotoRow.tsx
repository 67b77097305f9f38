import type { DragEvent, ReactNode } from 'react';
import { Thumbnail } from '../components/Thumbnail.tsx';
import { type PhotoKey, useView } from '../stores/view-store.ts';
import { GridCell, GridRow } from './grid.tsx';
import styles from './PhotoRow.module.css';

interface PhotoRowProps {
  photo: PhotoKey;
  /** Of its line in the whole list, from 1. */
  line: number;
  name: string;
  /** Where it lies, for the tip. */
  path: string | undefined;
  thumbnail: string | undefined;
  icon: ReactNode;
  tone: 'good' | 'bad' | 'busy' | undefined;
  /** Its state. */
  words: string;
  time?: ReactNode;
  bytes?: string | undefined;
  sizes?: string | undefined;
  reason: string | undefined;
  /** 0 to 1, for a line at its foot. */
  progress: number | undefined;
  progressWords?: string | undefined;
  onDragStart?(event: DragEvent): void;
}

/** How one photograph is shown in the strip. */
export function PhotoRow({
  photo,
  line,
  name,
  path,
  thumbnail,
  progress,
  onDragStart,
  ...said
}: PhotoRowProps) {
  const selected = useView((view) => view.selected.has(photo));
  const current = useView((view) => view.current === photo);
  return (
    <GridRow
      id={rowId(photo)}
      data-photo={photo}
      line={line}
      aria-selected={selected}
      aria-current={current || undefined}
      className={styles.row}
      draggable={onDragStart !== undefined}
      onDragStart={onDragStart}
    >
      <GridCell className={styles.cell}>
        <Thumbnail address={thumbnail} className={styles.thumbnail ?? ''} />
        <div className={styles.words}>
          <span className={styles.name} title={path}>
            {name}
          </span>
          <span className={styles.line}>
            <span className={styles.state} data-tone={said.tone}>
              {said.icon}
              {said.words}
            </span>
            <span className={styles.figures}>
              {said.bytes}
              {said.bytes && said.time ? ' · ' : null}
              {said.time}
            </span>
          </span>
          <span className={styles.sizes} title={said.sizes}>
            {said.sizes}
          </span>
        </div>
        {said.reason ? (
          <p className={styles.reason} data-tone={said.tone}>
            {said.reason}
          </p>
        ) : null}
        {progress === undefined ? null : (
          <div
            role="progressbar"
            aria-label={name}
            aria-valuenow={Math.round(progress * 100)}
            aria-valuetext={said.progressWords}
            className={styles.track}
          >
            <div className={styles.bar} style={{ transform: `scaleX(${progress})` }} />
          </div>
        )}
      </GridCell>
    </GridRow>
  );
}

/** The id of a photograph's row in the page. */
export function rowId(photo: PhotoKey): string {
  return `photo-${photo}`;
}
