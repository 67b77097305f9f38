import { useTranslation } from 'react-i18next';
import type { SettingsChange } from '../../shared/contract/settings.ts';
import { Button } from '../components/Button.tsx';
import { Choice } from '../components/Choice.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Segments } from '../components/Segments.tsx';
import { Toggle } from '../components/Toggle.tsx';
import { openModels } from '../models/models-view-store.ts';
import { useSession, useSessionStore } from '../stores/session-store.ts';
import { useAttempt } from '../stores/use-attempt.ts';
import { useView } from '../stores/view-store.ts';
import { LANGUAGES } from '../words/index.ts';
import { About } from './About.tsx';
import { DeviceChoice } from './DeviceChoice.tsx';

const THEMES = ['system', 'dark', 'light'] as const;

/** What is chosen once and for all, and what this program is. */
export function SettingsDialog() {
  const { t } = useTranslation();
  const open = useView(({ dialog }) => dialog === 'settings');
  const show = useView((view) => view.open);
  return (
    <Dialog
      title={t('common.settings')}
      open={open}
      onClose={() => show(undefined)}
      actions={
        <>
          <Button onClick={openModels}>{t('models.manage')}</Button>
          <Button onClick={() => show('shortcuts')}>{t('app.shortcuts')}</Button>
        </>
      }
    >
      <Choices />
      <About />
    </Dialog>
  );
}

function Choices() {
  const { t } = useTranslation();
  const { settings } = useSession();
  const write = useSessionStore((store) => store.change);
  const attempt = useAttempt();
  const change = (part: SettingsChange) => void attempt(() => write(part));
  return (
    <>
      <Segments
        label={t('settings.theme')}
        value={settings.theme}
        options={THEMES.map((value) => ({ value, label: t(`settings.themes.${value}`) }))}
        onChange={(theme) => change({ theme })}
      />
      <Choice
        label={t('settings.language')}
        value={settings.language}
        options={[
          { value: 'system', label: t('settings.languageOfSystem') },
          ...LANGUAGES.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={(language) => change({ language })}
      />
      <Toggle
        label={t('settings.startAtOnce')}
        note={t('settings.startAtOnceNote')}
        checked={settings.startAtOnce}
        onChange={(startAtOnce) => change({ startAtOnce })}
      />
      <Toggle
        label={t('settings.resumeAtStart')}
        note={t('settings.resumeAtStartNote')}
        checked={settings.resumeAtStart}
        onChange={(resumeAtStart) => change({ resumeAtStart })}
      />
      <DeviceChoice />
      <Toggle
        label={t('settings.network')}
        note={t('settings.networkNote')}
        checked={settings.network}
        onChange={(network) => change({ network })}
      />
    </>
  );
}
