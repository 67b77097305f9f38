import { useId } from 'react';
import type { Option } from './Choice.tsx';
import styles from './Segments.module.css';

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange(value: T): void;
}

/** One of a few, all of them seen at once. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const id = useId();
  return (
    <fieldset className={styles.row}>
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
