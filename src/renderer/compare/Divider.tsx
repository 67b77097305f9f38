import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCompare } from './compare-store.ts';
import styles from './Divider.module.css';

/** Shares of the pane that keys move the divider by. */
const STEP = 0.01;
const STRIDE = 0.1;

/** Where the original ends and the result begins. */
export function Divider() {
  const { t, i18n } = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const split = useCompare((compare) => compare.split);
  const setSplit = useCompare((compare) => compare.setSplit);
  const drag = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const room = element.current?.parentElement?.getBoundingClientRect();
    if (room) setSplit((event.clientX - room.left) / room.width);
  };
  const press = (event: KeyboardEvent) => {
    const to = keyTarget(event, split);
    if (to === undefined) return;
    event.preventDefault();
    setSplit(to);
  };
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(split);
  return (
    <div
      ref={element}
      className={styles.divider}
      style={{ left: `${split * 100}%` }}
      role="slider"
      tabIndex={0}
      aria-label={t('compare.divider')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(split * 100)}
      aria-valuetext={t('compare.dividerAt', { percent })}
      onPointerDown={(event) => event.button === 0 && event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDoubleClick={() => setSplit(0.5)}
      onKeyDown={press}
    >
      <span className={styles.handle} />
    </div>
  );
}

function keyTarget({ key, shiftKey }: KeyboardEvent, split: number): number | undefined {
  const step = shiftKey ? STRIDE : STEP;
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return split - step;
    case 'ArrowRight':
    case 'ArrowUp':
      return split + step;
    case 'PageDown':
      return split - STRIDE;
    case 'PageUp':
      return split + STRIDE;
    case 'Home':
      return 0;
    case 'End':
      return 1;
    default:
      return undefined;
  }
}
