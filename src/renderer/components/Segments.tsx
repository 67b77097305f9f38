import { useId } from 'react';
import fields from './Field.module.css';
import type { OptionsProps } from './options.ts';
import styles from './Segments.module.css';

/** One of a few, all of them seen at once. */
export function Segments<T extends string>({ label, value, options, onChange }: OptionsProps<T>) {
  const id = useId();
  return (
    <fieldset className={`${fields.group} ${styles.row}`}>
      <legend className={styles.label}>{label}</legend>
      <span className={styles.segments}>
        {options.map((option) => (
          <label key={option.value} className={styles.segment}>
            <input
              type="radio"
              className={styles.input}
              name={id}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </span>
    </fieldset>
  );
}
