import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Metrics } from '../../shared/contract/metrics.ts';
import { formatBytes, formatCount } from '../components/figures.ts';
import styles from './Dashboard.module.css';
import { type Fact, FactList } from './FactList.tsx';
import { formatShare } from './rates.ts';

/** What the queue, the engine and the graphics processors hold now. */
export function Facts({ latest }: { latest: Metrics }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language;
  const count = (value: number | null) => orNot(t, value, (known) => formatCount(known, language));
  const bytes = (value: number | null) => orNot(t, value, (known) => formatBytes(known, language));
  const { queue, memory, sessions, provider, workers } = latest;
  return (
    <div className={styles.facts}>
      <FactList
        title={t('dashboard.queue')}
        facts={[
          { name: t('dashboard.filesInWork'), value: count(queue.filesInWork) },
          { name: t('dashboard.filesWaiting'), value: count(queue.filesWaiting) },
          { name: t('dashboard.tilesRunning'), value: count(queue.tilesRunning) },
          { name: t('dashboard.tilesWaiting'), value: count(queue.tilesWaiting) },
        ]}
      />
      <FactList
        title={t('dashboard.processes')}
        facts={[
          ...memory.processes.map((one) => ({
            name: t(`dashboard.role.${one.role}`),
            value: bytes(one.bytes),
          })),
          ...poolFacts(t, latest.pool, bytes),
        ]}
      />
      <FactList
        title={t('dashboard.engine')}
        facts={[
          { name: t('dashboard.provider'), value: provider },
          { name: t('dashboard.workers'), value: count(workers) },
          ...(sessions.length === 0
            ? [{ name: t('dashboard.sessions'), value: t('dashboard.noSessions') }]
            : sessions.map(({ name, bytes: size }) => ({ name, value: bytes(size) }))),
        ]}
      />
      <FactList
        title={t('dashboard.graphics')}
        facts={latest.gpus.flatMap((gpu) => gpuFacts(t, gpu, language))}
      >
        {t('dashboard.noGraphics')}
      </FactList>
    </div>
  );
}

function orNot(t: TFunction, value: number | null, format: (value: number) => string): string {
  return value === null ? t('common.notReported') : format(value);
}

function poolFacts(t: TFunction, pool: Metrics['pool'], bytes: (value: number) => string): Fact[] {
  if (!pool) return [{ name: t('dashboard.pool'), value: t('common.notReported') }];
  const { inUse, capacity } = pool;
  return [
    {
      name: t('dashboard.pool'),
      value: t('dashboard.poolOf', { inUse: bytes(inUse), capacity: bytes(capacity) }),
      share: capacity > 0 ? inUse / capacity : 0,
    },
  ];
}

function gpuFacts(t: TFunction, gpu: Metrics['gpus'][number], language: string): Fact[] {
  const { name, busy, memoryUsed, memoryTotal } = gpu;
  const bytes = (value: number | null) => orNot(t, value, (known) => formatBytes(known, language));
  const memory =
    memoryUsed === null && memoryTotal === null
      ? t('common.notReported')
      : t('dashboard.gpuMemoryOf', { used: bytes(memoryUsed), total: bytes(memoryTotal) });
  return [
    { name, value: '' },
    { name: t('dashboard.gpuBusy'), value: orNot(t, busy, (share) => formatShare(share, language)) },
    { name: t('dashboard.gpuMemory'), value: memory },
  ];
}
