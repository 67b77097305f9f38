import { useTranslation } from 'react-i18next';
import type { OfferedModel } from '../../shared/contract/catalogue.ts';
import { Button, IconButton } from '../components/Button.tsx';
import { CheckIcon, DownloadIcon, RemoveIcon } from '../components/icons.tsx';
import styles from './OfferedRow.module.css';
import type { OfferedState } from './offered-facts.ts';
import { UseButton } from './UseButton.tsx';

interface OfferedActionsProps {
  model: OfferedModel;
  state: OfferedState;
  offline: boolean;
  /** Whether its licence is being shown. */
  asking: boolean;
  onAsk(): void;
  /** Its licence was accepted when the download began. */
  onResume(): void;
  /** `keep`: what has arrived stays. */
  onStop(keep: boolean): void;
}

/** What can be done with an offered model as things stand. */
export function OfferedActions(props: OfferedActionsProps) {
  const { model, state, offline, asking, onAsk, onResume, onStop } = props;
  const { title } = model;
  const { t } = useTranslation();
  switch (state.kind) {
    case 'here':
      return (
        <>
          <span className={styles.here}>
            <CheckIcon />
            {t('models.here')}
          </span>
          <UseButton model={model} />
        </>
      );
    case 'absent':
      return (
        <Button
          disabled={offline}
          aria-label={t('models.downloadOf', { title })}
          aria-expanded={asking}
          onClick={onAsk}
        >
          <DownloadIcon />
          {t('models.download')}
        </Button>
      );
    case 'partial':
      return (
        <>
          <Button disabled={offline} aria-label={t('models.resumeOf', { title })} onClick={onResume}>
            <DownloadIcon />
            {t('models.resume')}
          </Button>
          <IconButton icon={<RemoveIcon />} label={t('models.discardPart')} onClick={() => onStop(false)} />
        </>
      );
    case 'downloading':
    case 'checking':
      return (
        <Button aria-label={t('models.stopOf', { title })} onClick={() => onStop(true)}>
          {t('models.stop')}
        </Button>
      );
  }
}
