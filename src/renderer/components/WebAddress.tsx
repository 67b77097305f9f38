import { useSession } from '../stores/session-store.ts';
import styles from './WebAddress.module.css';

interface WebAddressProps {
  /** Begins with https://. */
  address: string;
  /** What is there; the address itself where absent. */
  children?: string;
}

/**
 * An address of the web. A browser opens it in a tab of its own; the window of the desktop shell goes nowhere and opens
 * nothing, so there it is shown, to be selected.
 */
export function WebAddress({ address, children }: WebAddressProps) {
  const { shell } = useSession().capabilities;
  const shown = address.replace(/^https:\/\//, '');
  if (shell === 'desktop') {
    return (
      <span className={styles.address}>
        {children === undefined ? null : `${children}: `}
        {shown}
      </span>
    );
  }
  return (
    <a href={address} target="_blank" rel="noreferrer" title={address} className={styles.link}>
      {children ?? shown}
    </a>
  );
}
