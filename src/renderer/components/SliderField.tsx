import { type ReactNode, useId } from 'react';
import fields from './Field.module.css';
import styles from './SliderField.module.css';

interface SliderFieldProps {
  label: string;
  /** Its steps are whole; it ends at 100. */
  min: number;
  value: number;
  /** `value` in words, where the number alone says too little. */
  words?: string;
  /** Whether nobody has chosen the value. */
  usual?: boolean;
  /** Takes the choice back. */
  reset?: { label: string; run(): void } | undefined;
  note?: string | undefined;
  onChange(value: number): void;
  onBlur?(): void;
  /** The value as a number, at the end of the slider. */
  children: ReactNode;
}

/** A number that is felt rather than known: a slider, with its label above. */
export function SliderField(props: SliderFieldProps) {
  const { label, min, value, words, usual, reset, note, onChange, onBlur, children } = props;
  const id = useId();
  return (
    <div className={fields.field}>
      <span className={styles.line}>
        <label htmlFor={id} className={fields.label}>
          {label}
        </label>
        {reset === undefined ? null : (
          <button type="button" className={styles.reset} onClick={reset.run}>
            {reset.label}
          </button>
        )}
      </span>
      <span className={styles.line}>
        <input
          id={id}
          className={styles.slider}
          type="range"
          min={min}
          max={100}
          value={value}
          data-default={usual || undefined}
          aria-valuetext={words}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          onChange={({ target }) => onChange(target.valueAsNumber)}
          onBlur={onBlur}
        />
        {children}
      </span>
      {note === undefined ? null : (
        <span id={`${id}-note`} className={fields.note}>
          {note}
        </span>
      )}
    </div>
  );
}
