import { ContextMenu } from '@base-ui/react/context-menu';
import { Menu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import styles from './Menu.module.css';

/** One thing that can be done, as a menu shows it. */
export interface Command {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Keys that do the same. */
  keys?: string;
  danger?: boolean;
  run(): void;
}

/** Commands in groups, with a line between them; groups without any are left out. */
export type CommandGroups = readonly (readonly Command[])[];

interface MenuButtonProps {
  /** The button, with its accessible name. */
  trigger: ReactElement;
  commands: CommandGroups;
  align?: 'start' | 'end';
}

/** A button that opens a menu. */
export function MenuButton({ trigger, commands, align = 'start' }: MenuButtonProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={trigger} />
      <Menu.Portal>
        <Menu.Positioner className={styles.positioner} sideOffset={4} align={align}>
          <Menu.Popup className={styles.popup}>
            <Items commands={commands} />
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

interface ContextMenuAreaProps {
  /** The element that has the menu. */
  area: ReactElement;
  commands: CommandGroups;
  children: ReactNode;
}

/** Something with a menu of its own for the right mouse button and the menu key. */
export function ContextMenuArea({ area, commands, children }: ContextMenuAreaProps) {
  return (
    <ContextMenu.Root disabled={commands.every((group) => group.length === 0)}>
      <ContextMenu.Trigger render={area}>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Positioner className={styles.positioner}>
          <ContextMenu.Popup className={styles.popup}>
            <Items commands={commands} />
          </ContextMenu.Popup>
        </ContextMenu.Positioner>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  );
}

function Items({ commands }: { commands: CommandGroups }) {
  const groups = commands.filter((group) => group.length > 0);
  return groups.map((group, index) => (
    <Menu.Group key={group[0]?.id}>
      {index > 0 ? <Menu.Separator className={styles.separator} /> : null}
      {group.map(({ id, label, icon, keys, danger, run }) => (
        <Menu.Item key={id} className={styles.item} data-danger={danger || undefined} onClick={run}>
          <span className={styles.icon}>{icon}</span>
          <span className={styles.label}>{label}</span>
          {keys ? <kbd className={styles.keys}>{keys}</kbd> : null}
        </Menu.Item>
      ))}
    </Menu.Group>
  ));
}
