import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import pieces from '../styles/pieces.module.css';
import styles from './ChartCard.module.css';
import type { PlotOptions } from './make-plot.ts';
import { type Minute, summaryOf } from './minute.ts';
import { Plot } from './Plot.tsx';

interface ChartCardProps {
  label: string;
  minute: Minute;
  /** The looks of the lines; the first line is the one that the number is of. */
  looks: PlotOptions['looks'];
  top: number;
  format(value: number): string;
  /** What the number is a part of. */
  whole?: string;
  /** More about now, in a line. */
  note: string;
}

/** A number, and how it was in the last minute; of the moment that is pointed at, where one is. */
export function ChartCard({ label, minute, looks, top, format, whole, note }: ChartCardProps) {
  const { t } = useTranslation();
  const [pointed, setPointed] = useState<number>();
  const [line = []] = minute.lines;
  const ago = pointed === undefined ? undefined : minute.seconds[pointed];
  const value = ago === undefined ? line.at(-1) : line[pointed ?? 0];
  const summary = summaryOf(line);
  const words = summary && {
    lowest: format(summary.lowest),
    highest: format(summary.highest),
    mean: format(summary.mean),
  };
  return (
    <figure className={styles.card} aria-label={label}>
      <figcaption className={styles.words}>
        <span className={styles.label}>{label}</span>
        <span className={styles.value} data-reported={typeof value === 'number'}>
          {typeof value === 'number' ? format(value) : t('common.notReported')}
          {whole ? <span className={styles.whole}> {whole}</span> : null}
        </span>
        <span className={styles.note}>
          {looks.length > 1 && ago === undefined ? <span className={styles.swatch} /> : null}
          {ago === undefined ? note : t('dashboard.ago', { count: Math.round(-ago) })}
        </span>
        <span className={pieces.unseen}>
          {words ? t('dashboard.summary', words) : t('dashboard.summaryNone')}
        </span>
      </figcaption>
      <Plot minute={minute} looks={looks} top={top} onPoint={setPointed} />
    </figure>
  );
}
