import { Toolbar } from '@base-ui/react/toolbar';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../components/Button.tsx';
import {
  FullScreenIcon,
  LeaveFullScreenIcon,
  LeftIcon,
  PictureIcon,
  RightIcon,
  SideBySideIcon,
  SliderIcon,
} from '../components/icons.tsx';
import { type CompareMode, useView } from '../stores/view-store.ts';
import styles from './CompareToolbar.module.css';
import { Kept } from './Kept.tsx';
import { PeekButton } from './PeekButton.tsx';
import { isComparable, type Subject } from './subject.ts';
import { useGo } from './use-go.ts';
import { ZoomButtons } from './ZoomButtons.tsx';

interface CompareToolbarProps {
  subject: Subject;
  full: boolean;
  onFull(): void;
  place: RefObject<HTMLElement | null>;
}

const MODES: readonly { mode: CompareMode; icon: typeof SliderIcon }[] = [
  { mode: 'slider', icon: SliderIcon },
  { mode: 'side', icon: SideBySideIcon },
  { mode: 'hold', icon: PictureIcon },
];

/** How the picture is looked at. */
export function CompareToolbar({ subject, full, onFull, place }: CompareToolbarProps) {
  const { t } = useTranslation();
  const { mode, setMode } = useView();
  const go = useGo();
  const file = subject.kind === 'file' ? subject.file : undefined;
  const comparable = file !== undefined && isComparable(file);
  return (
    <Toolbar.Root
      className={styles.toolbar}
      aria-label={t('compare.toolbar')}
      // A click leaves the focus where it is: the next key is for the picture.
      onMouseDown={(event) => event.preventDefault()}
    >
      {full ? (
        <Toolbar.Button
          render={
            <IconButton icon={<LeftIcon />} label={t('compare.previous')} keys="[" onClick={() => go(-1)} />
          }
        />
      ) : null}
      <Toolbar.Group className={styles.group} aria-label={t('compare.modes')}>
        {MODES.map(({ mode: other, icon: Icon }) => (
          <Toolbar.Button
            key={other}
            disabled={!comparable}
            render={
              <IconButton
                icon={<Icon />}
                label={t(`compare.${other}`)}
                aria-pressed={mode === other}
                onClick={() => setMode(other)}
              />
            }
          />
        ))}
      </Toolbar.Group>
      <PeekButton disabled={!comparable} />
      <Toolbar.Separator className={styles.separator} />
      <ZoomButtons />
      <Toolbar.Separator className={styles.separator} />
      <Kept file={file} place={place} />
      <Toolbar.Button
        render={
          <IconButton
            icon={full ? <LeaveFullScreenIcon /> : <FullScreenIcon />}
            label={full ? t('compare.leaveFull') : t('compare.full')}
            keys="F"
            onClick={onFull}
          />
        }
      />
      {full ? (
        <Toolbar.Button
          render={
            <IconButton icon={<RightIcon />} label={t('compare.next')} keys="]" onClick={() => go(1)} />
          }
        />
      ) : null}
    </Toolbar.Root>
  );
}
