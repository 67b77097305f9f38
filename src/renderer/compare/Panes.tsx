import { type ComponentProps, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { originOf } from './camera.ts';
import { useCompare } from './compare-store.ts';
import styles from './Panes.module.css';
import type { Pane, Panes as Shown } from './panes.ts';
import { nameOf, type Subject } from './subject.ts';

interface PanesProps extends ComponentProps<'div'> {
  canvases: Readonly<Record<Pane, RefObject<HTMLCanvasElement | null>>>;
  panes: Shown;
  layout: 'single' | 'divided' | 'side';
  /** Shows a board behind the picture, where it is transparent. */
  alpha: boolean;
  subject: Subject;
}

/** The two canvases, on each other or beside each other. */
export function Panes({ canvases, panes, layout, alpha, subject, ...handlers }: PanesProps) {
  const { t, i18n } = useTranslation();
  const zoom = useCompare(({ camera }) => camera.zoom);
  const split = useCompare((compare) => compare.split);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(zoom);
  const words = { name: nameOf(subject), zoom: percent };
  const done = subject.kind === 'file' && subject.file.state === 'done';
  const names: Record<Pane, string> = {
    source: t('compare.originalOf', words),
    result: t(done ? 'compare.enlargedOf' : 'compare.enlargingOf', words),
  };
  const canvas = (pane: Pane) => {
    const shown = panes[pane];
    return (
      <div key={pane} className={styles.pane} data-pane={pane} data-hidden={shown === undefined}>
        {alpha && shown ? <Board /> : null}
        <canvas
          ref={canvases[pane]}
          className={styles.canvas}
          {...(shown ? { role: 'img', 'aria-label': names[shown] } : { 'aria-hidden': true })}
        />
      </div>
    );
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      className={styles.panes}
      data-layout={layout}
      style={{ '--split': `${split * 100}%` } as Record<string, string>}
      role="group"
      aria-label={nameOf(subject)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys that move the picture need a place for the focus.
      tabIndex={0}
      {...handlers}
    >
      {canvas('source')}
      {canvas('result')}
    </div>
  );
}

/** What is behind a picture where it is transparent; it lies where the picture does. */
function Board() {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = () => {
      const { camera, view, size } = useCompare.getState();
      const { current } = element;
      if (!current || !size) return;
      const origin = originOf(camera, view);
      const css = (pixels: number) => `${pixels / devicePixelRatio}px`;
      current.style.left = css(origin.x);
      current.style.top = css(origin.y);
      current.style.width = css(Math.round(size.width * camera.zoom));
      current.style.height = css(Math.round(size.height * camera.zoom));
    };
    place();
    return useCompare.subscribe(place);
  }, []);
  return <div ref={element} className={styles.board} />;
}
