import type { ReactNode } from 'react';
import { WarningIcon } from '../components/icons.tsx';
import styles from './Banners.module.css';

interface BannerProps {
  kind: 'problem' | 'message';
  children: ReactNode;
  /** Buttons, at its end. */
  action?: ReactNode;
}

/** Something that everybody must know, above everything else. */
export function Banner({ kind, children, action }: BannerProps) {
  return (
    <div className={styles.banner} data-kind={kind}>
      <span className={styles.icon}>
        <WarningIcon />
      </span>
      <p className={styles.words}>{children}</p>
      {action}
    </div>
  );
}
