import { useId } from 'react';
import fields from './Field.module.css';
import type { OptionsProps } from './options.ts';
import styles from './Radios.module.css';

/** One of a few that need words: all of them seen at once, below each other. */
export function Radios<T extends string>({ label, value, options, onChange }: OptionsProps<T>) {
  const id = useId();
  return (
    <fieldset className={`${fields.group} ${styles.field}`}>
      <legend className={styles.label}>{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            type="radio"
            className={styles.input}
            name={id}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={`${fields.words} ${styles.words}`}>
            {option.label}
            {option.note ? <span className={fields.note}>{option.note}</span> : null}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
