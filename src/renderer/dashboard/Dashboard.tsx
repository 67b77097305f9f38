import { useTranslation } from 'react-i18next';
import { useSessionStore } from '../stores/session-store.ts';
import { Charts } from './Charts.tsx';
import styles from './Dashboard.module.css';
import { Facts } from './Facts.tsx';
import { useMetrics } from './metrics-store.ts';
import { useMetricsLine } from './use-metrics-line.ts';

/** What the machine is doing. Measured only while this is shown, or something is in work. */
export function Dashboard() {
  const { t } = useTranslation();
  useMetricsLine(true);
  const open = useSessionStore(({ state }) => state === 'open');
  const latest = useMetrics((metrics) => metrics.latest);
  const history = useMetrics((metrics) => metrics.history);
  if (!open || !latest) {
    return <p className={styles.nothing}>{t(open ? 'dashboard.measuring' : 'dashboard.lost')}</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled is to be scrolled with keys, too.
    <div className={styles.dashboard} tabIndex={0}>
      <Charts latest={latest} history={history} />
      <Facts latest={latest} />
    </div>
  );
}
