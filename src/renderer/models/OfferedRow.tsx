import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfferedModel } from '../../shared/contract/catalogue.ts';
import { errorOf } from '../../shared/contract/error.ts';
import { formatBytes } from '../components/figures.ts';
import { withoutName } from '../components/file-names.ts';
import { useHeldFocus } from '../components/use-held-focus.ts';
import { WebAddress } from '../components/WebAddress.tsx';
import { useLibrary } from '../stores/library-store.ts';
import { useClient } from '../stores/session-store.ts';
import { LicenceGate } from './LicenceGate.tsx';
import rows from './ModelRow.module.css';
import { doingOf } from './model-facts.ts';
import { OfferedActions } from './OfferedActions.tsx';
import { OfferedProgress } from './OfferedProgress.tsx';
import styles from './OfferedRow.module.css';
import { hostOf, offeredState } from './offered-facts.ts';

interface OfferedRowProps {
  model: OfferedModel;
  /** Nothing can be downloaded. */
  offline: boolean;
  /** The catalogue is to be asked again. */
  onChange(): void;
}

/** A model of the catalogue: what it is, from whom, on what terms, and how far it is on its way. */
export function OfferedRow({ model, offline, onChange }: OfferedRowProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const client = useClient();
  const download = useLibrary(({ downloads }) => downloads.get(model.id));
  const dismiss = useLibrary((library) => library.dismissDownload);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const state = offeredState(model, download);
  const reason = problem ?? (download?.state === 'failed' ? download.error?.message : undefined);

  const attempt = async (call: () => Promise<unknown>) => {
    setProblem(undefined);
    dismiss(model.id);
    try {
      await call();
    } catch (error) {
      setProblem(errorOf(error).message);
    }
    onChange();
  };
  const begin = () => {
    setAsking(false);
    void attempt(() => client.catalogue.download({ id: model.id, licenceAccepted: true }));
  };
  const stop = (keep: boolean) => void attempt(() => client.catalogue.cancel({ id: model.id, keep }));

  const focus = useHeldFocus<HTMLLIElement>(`${state.kind} ${asking}`);

  const { title, description, author, licence, home, address, bytes, sha256 } = model;
  const size = bytes === undefined ? t('models.sizeUnknown') : formatBytes(bytes, i18n.language);
  return (
    <li className={rows.row} aria-labelledby={id} {...focus}>
      <div className={rows.head}>
        <h3 id={id} className={rows.title}>
          {title}
        </h3>
        <span className={rows.actions}>
          <OfferedActions
            model={model}
            state={state}
            offline={offline}
            asking={asking}
            onAsk={() => setAsking(!asking)}
            onResume={begin}
            onStop={stop}
          />
        </span>
      </div>
      <p className={rows.facts}>
        {[doingOf(model, t), size, licence.id, t('models.by', { author })].join(' · ')}
      </p>
      <p className={rows.description}>{description}</p>
      <p className={`${rows.quiet} ${styles.places}`}>
        <span>{t('models.address', { host: hostOf(address) })}</span>
        <WebAddress address={home}>{t('models.home')}</WebAddress>
        <WebAddress address={licence.text}>{t('models.licenceText')}</WebAddress>
      </p>
      {sha256 === undefined ? <p className={rows.quiet}>{t('models.hashUnknown')}</p> : null}
      <OfferedProgress title={title} state={state} />
      {reason === undefined ? null : (
        <p role="alert" className={styles.problem}>
          <strong>{t('models.failed')}</strong> {withoutName(reason, model.id)}
        </p>
      )}
      {asking && state.kind === 'absent' ? (
        <LicenceGate model={model} onAccept={begin} onClose={() => setAsking(false)} />
      ) : null}
    </li>
  );
}
