import { useTranslation } from 'react-i18next';
import { formatBytes } from '../components/figures.ts';
import { useSession } from '../stores/session-store.ts';
import styles from './About.module.css';

/** What platforms are called that Node has names for. */
const PLATFORMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** What this program is, and what it runs on. */
export function About() {
  const { t, i18n } = useTranslation();
  const { capabilities, models, version } = useSession();
  const { platform, processor, cores, memory, shell } = capabilities;
  const licences = [...new Set(models.map(({ licence }) => licence))].join(', ');
  const facts = [
    ['version', t(`settings.shells.${shell}`, { version })],
    ['platform', PLATFORMS[platform] ?? platform],
    ['processor', t('settings.processorOf', { name: processor, count: cores })],
    ['memory', formatBytes(memory, i18n.language)],
    ['licence', t('settings.licences', { licences })],
  ] as const;
  return (
    <section className={styles.about}>
      <h3 className={styles.heading}>{t('settings.about')}</h3>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt className={styles.name}>{t(`settings.${name}`)}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.promise}>{t('common.local')}</p>
    </section>
  );
}
