import { Switch } from '@base-ui/react/switch';
import { useId } from 'react';
import fields from './Field.module.css';
import styles from './Toggle.module.css';

interface ToggleProps {
  label: string;
  /** A line below the label. */
  note?: string;
  checked: boolean;
  onChange(checked: boolean): void;
}

/** Something that is on or off. */
export function Toggle({ label, note, checked, onChange }: ToggleProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <span className={fields.words}>
        <span id={id}>{label}</span>
        {note ? <span className={fields.note}>{note}</span> : null}
      </span>
      <Switch.Root checked={checked} onCheckedChange={onChange} aria-labelledby={id} className={styles.track}>
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
    </div>
  );
}
