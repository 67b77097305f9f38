import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { baseName, withoutName } from '../components/file-names.ts';
import { useLibrary } from '../stores/library-store.ts';
import pieces from '../styles/pieces.module.css';
import { progressOf } from './announcements.ts';

/** Milliseconds between two announcements: those who listen are not to be talked over. */
const PAUSE = 3_000;
const NOTHING: ReadonlySet<number> = new Set();

/** Says what happens by itself to who cannot see it: how much is done, and each failure once. */
export function Announcer() {
  return (
    <>
      <p role="status" className={pieces.unseen}>
        <Progress />
      </p>
      <p role="status" className={pieces.unseen}>
        <Failures />
      </p>
    </>
  );
}

function Progress() {
  const { t } = useTranslation();
  const batches = useLibrary((library) => library.batches);
  const last = useRef<{ running: boolean; ids: ReadonlySet<number> }>({ running: false, ids: new Set() });
  const [said, setSaid] = useState('');
  const running = [...batches.values()].some(({ state }) => state === 'running');
  // What has ended is spoken of until something else begins.
  const followed = running && !last.current.running ? NOTHING : last.current.ids;
  const { done, total, ids } = progressOf(batches.values(), followed);
  const words = total === 0 ? '' : t('strip.sayProgress', { done, total });
  useEffect(() => {
    last.current = { running, ids };
  });
  useEffect(() => {
    if (words === said) return;
    // The first word and the last at once; what lies between when there is time for it.
    const timer = setTimeout(() => setSaid(words), said === '' || !running ? 0 : PAUSE);
    return () => clearTimeout(timer);
  }, [words, said, running]);
  return said;
}

function Failures() {
  const { t } = useTranslation();
  const files = useLibrary((library) => library.files);
  const known = useRef(new Map<number, string>());
  const [said, setSaid] = useState('');
  useEffect(() => {
    for (const { id, state, source, reason } of files.values()) {
      const before = known.current.get(id);
      known.current.set(id, state);
      if (state !== 'failed' || before === undefined || before === 'failed') continue;
      const name = baseName(source);
      setSaid(t('strip.sayFailed', { name, reason: withoutName(reason ?? '', source, name) }));
    }
  }, [files, t]);
  return said;
}
