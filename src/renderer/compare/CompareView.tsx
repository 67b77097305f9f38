import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { PictureIcon } from '../components/icons.tsx';
import { useView } from '../stores/view-store.ts';
import styles from './Compare.module.css';
import { CompareToolbar } from './CompareToolbar.tsx';
import { useCompare } from './compare-store.ts';
import { Divider } from './Divider.tsx';
import { Labels } from './Labels.tsx';
import { Note } from './Note.tsx';
import { Panes } from './Panes.tsx';
import { panesOf } from './panes.ts';
import { isComparable, type Subject } from './subject.ts';
import { useFullScreen } from './use-full-screen.ts';
import { useKeys } from './use-keys.ts';
import { useLook } from './use-look.ts';
import { useNext } from './use-next.ts';
import { usePointers } from './use-pointers.ts';
import { useScene } from './use-scene.ts';
import { useCanvases, useShots } from './use-viewer.ts';

/** One photograph, and all that can be done to look at it. */
export function CompareView({ subject }: { subject: Subject }) {
  const { t } = useTranslation();
  const place = useRef<HTMLElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const mode = useView((view) => view.mode);
  const peeking = useCompare((compare) => compare.peeking);
  const [full, toggleFull] = useFullScreen(place);
  const { canvases, redraw, viewer } = useCanvases();
  const { scene, coming, unseen } = useScene(subject, redraw);
  const file = subject.kind === 'file' ? subject.file : undefined;
  const comparable = file !== undefined && isComparable(file);
  const panes = panesOf(mode, comparable, peeking);
  useShots(viewer, { scene, panes, next: useNext(coming) });
  useLook(file);
  useKeys(place, toggleFull);
  const pointers = usePointers(stage, comparable && mode === 'hold');
  const divided = mode === 'slider' && panes.source !== undefined && panes.result !== undefined;

  return (
    <section ref={place} className={styles.place} aria-label={t('compare.region')}>
      <Note subject={subject} unseen={unseen} />
      <div ref={stage} className={styles.stage}>
        <Panes
          canvases={canvases}
          panes={panes}
          layout={comparable && mode === 'side' ? 'side' : divided ? 'divided' : 'single'}
          alpha={scene?.alpha ?? false}
          subject={subject}
          {...pointers}
        />
        {divided ? <Divider /> : null}
        {unseen ? (
          <div className={styles.unseen}>
            <PictureIcon />
          </div>
        ) : null}
        <Labels subject={subject} scene={scene} panes={panes} />
        <CompareToolbar subject={subject} full={full} onFull={toggleFull} place={place} />
      </div>
    </section>
  );
}
