import { Tooltip } from '@base-ui/react/tooltip';
import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';

interface ButtonProps extends ComponentProps<'button'> {
  /** `primary`: the one thing to do here. `quiet`: without surroundings until it is pointed at. */
  look?: 'plain' | 'primary' | 'quiet' | 'danger';
}

export function Button({ look = 'plain', className = '', ...props }: ButtonProps) {
  return <button type="button" className={`${styles.button} ${className}`} data-look={look} {...props} />;
}

interface IconButtonProps extends Omit<ButtonProps, 'children'> {
  icon: ReactNode;
  /** What it does: its accessible name, and the tip when it is pointed at. */
  label: string;
  /** Keys that do the same, for the tip. */
  keys?: string;
}

export function IconButton({ icon, label, keys, look = 'quiet', className = '', ...props }: IconButtonProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <button
            type="button"
            aria-label={label}
            className={`${styles.button} ${styles.icon} ${className}`}
            data-look={look}
            {...props}
          >
            {icon}
          </button>
        }
      />
      <Tooltip.Portal container={fullScreen()}>
        <Tooltip.Positioner sideOffset={6} className={styles.positioner}>
          <Tooltip.Popup className={styles.tip}>
            {label}
            {keys ? <kbd className={styles.keys}>{keys}</kbd> : null}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** What fills the screen, if anything does: nothing outside of it is seen. */
function fullScreen(): HTMLElement | undefined {
  const { fullscreenElement } = document;
  return fullscreenElement instanceof HTMLElement ? fullscreenElement : undefined;
}
