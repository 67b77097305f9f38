import { useTranslation } from 'react-i18next';
import type { Metrics } from '../../shared/contract/metrics.ts';
import { formatBytes, formatCount } from '../components/figures.ts';
import { ChartCard } from './ChartCard.tsx';
import styles from './Dashboard.module.css';
import { ceilingOf, minuteOf, ownMemory } from './minute.ts';
import { formatRate, formatShare } from './rates.ts';

const BOTH = ['quiet', 'ours'] as const;
const OURS = ['ours'] as const;

interface ChartsProps {
  latest: Metrics;
  history: readonly Metrics[];
}

/** How busy the machine is, and how fast the work goes. */
export function Charts({ latest, history }: ChartsProps) {
  const { t, i18n } = useTranslation();
  const share = (value: number) => formatShare(value, i18n.language);
  const bytes = (value: number) => formatBytes(value, i18n.language);
  const rate = (value: number) => formatRate(value, i18n.language);
  const ours = (value: number | null, format: (value: number) => string) =>
    value === null ? t('dashboard.oursUnknown') : t('dashboard.ours', { figure: format(value) });
  const { processor, memory, rates, queue } = latest;
  const tiles = minuteOf(history, [(metrics) => metrics.rates.tilesPerSecond]);
  const megapixels = minuteOf(history, [(metrics) => metrics.rates.megapixelsPerSecond]);
  return (
    <div className={styles.charts}>
      <ChartCard
        label={t('dashboard.processor')}
        minute={minuteOf(history, [(metrics) => metrics.processor.busy, (metrics) => metrics.processor.ours])}
        looks={BOTH}
        top={1}
        format={share}
        whole={t('dashboard.cores', { count: processor.cores })}
        note={ours(processor.ours, share)}
      />
      <ChartCard
        label={t('dashboard.memory')}
        minute={minuteOf(history, [(metrics) => metrics.memory.used, ownMemory])}
        looks={BOTH}
        top={memory.total}
        format={bytes}
        whole={t('dashboard.ofTotal', { figure: bytes(memory.total) })}
        note={ours(ownMemory(latest), bytes)}
      />
      <ChartCard
        label={t('dashboard.megapixels')}
        minute={megapixels}
        looks={OURS}
        top={ceilingOf(megapixels.lines[0] ?? [])}
        format={rate}
        note={t('dashboard.filesPerMinute', { figure: rate(rates.filesPerMinute) })}
      />
      <ChartCard
        label={t('dashboard.tiles')}
        minute={tiles}
        looks={OURS}
        top={ceilingOf(tiles.lines[0] ?? [])}
        format={rate}
        note={t('dashboard.tilesNote', { figure: formatCount(queue.tilesWaiting, i18n.language) })}
      />
    </div>
  );
}
