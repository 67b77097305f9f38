import type { ReactNode } from 'react';
import { ContextMenuArea } from '../components/Menu.tsx';
import styles from './Strip.module.css';
import { useCommands } from './use-commands.tsx';

/** The list, with a menu for what is selected in it. */
export function SelectionMenu({ children }: { children: ReactNode }) {
  return (
    <ContextMenuArea area={<div className={styles.area} />} commands={useCommands()}>
      {children}
    </ContextMenuArea>
  );
}
