import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/shallow';
import { Button } from '../components/Button.tsx';
import { useLibrary } from '../stores/library-store.ts';
import { useClient, useSessionStore } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { Banner } from './Banner.tsx';
import styles from './Banners.module.css';
import { Notices } from './Notices.tsx';

/** What everybody must know: a lost line, an engine in trouble, an obstacle, notices. */
export function Banners() {
  const { t } = useTranslation();
  const state = useSessionStore((store) => store.state);
  const lost = useLasting(state === 'lost');
  return (
    <div className={styles.banners} role="status" aria-label={t('app.messages')}>
      {lost ? <Banner kind="problem">{t('common.lost')}</Banner> : null}
      {state === 'outdated' ? (
        <Banner
          kind="problem"
          action={<Button onClick={() => window.location.reload()}>{t('common.reload')}</Button>}
        >
          {t('common.outdated')}
        </Banner>
      ) : null}
      {state === 'open' ? (
        <>
          <Engine />
          <Obstacles />
          <Notices />
        </>
      ) : null}
    </div>
  );
}

function Engine() {
  const { t } = useTranslation();
  const client = useClient();
  const attempt = useAttempt();
  const { state, death } = useLibrary((library) => library.engine);
  const restarting = useLasting(state === 'restarting');
  if (state === 'broken') {
    return (
      <Banner
        kind="problem"
        action={
          <Button onClick={() => void attempt(() => client.engine.reset())}>{t('common.engineReset')}</Button>
        }
      >
        {death === undefined ? t('app.engineBroken') : t('common.engineBroken', { reason: death })}
      </Banner>
    );
  }
  if (!restarting) return null;
  return (
    <Banner kind="message">
      {death === undefined ? t('app.engineRestarting') : t('common.engineRestarting', { reason: death })}
    </Banner>
  );
}

/** What keeps batches from going on. */
function Obstacles() {
  const { t } = useTranslation();
  const waiting = useLibrary(
    useShallow(({ obstacles, batches }) =>
      [...obstacles].flatMap(([id, reason]) => [batches.get(id)?.title ?? '', reason]),
    ),
  );
  const pairs = waiting.flatMap((title, index) =>
    index % 2 === 0 ? [{ title, reason: waiting[index + 1] ?? '' }] : [],
  );
  return pairs.map(({ title, reason }) => (
    <Banner key={`${title} ${reason}`} kind="problem">
      {t('app.waits', { title, reason })}
    </Banner>
  ));
}

/** Milliseconds that a trouble lasts before it is worth moving everything for. */
const PATIENCE = 700;

/** Whether `now` has been true for a while. */
function useLasting(now: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!now) return;
    const timer = setTimeout(() => setLasting(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [now]);
  return now && lasting;
}
