import { useTranslation } from 'react-i18next';
import { Choice } from '../components/Choice.tsx';
import { useSession, useSessionStore } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import styles from './DeviceChoice.module.css';
import { deviceOptions, nextDevices } from './device-facts.ts';
import { useDevices } from './use-devices.ts';

/** What of this machine the networks are computed on. */
export function DeviceChoice() {
  const { t, i18n } = useTranslation();
  const { settings } = useSession();
  const write = useSessionStore((store) => store.change);
  const attempt = useAttempt();
  const { devices, again } = useDevices();
  const next = nextDevices(devices);
  const choose = async (device: string) => {
    await attempt(() => write({ device }));
    again();
  };
  return (
    <div className={styles.field}>
      <Choice
        label={t('settings.device')}
        value={settings.device}
        options={deviceOptions(devices, settings.device, t, i18n.language)}
        onChange={(device) => void choose(device)}
      />
      <p className={styles.note} aria-live="polite">
        {next === undefined ? null : t('settings.deviceNext', { devices: next })}
      </p>
    </div>
  );
}
