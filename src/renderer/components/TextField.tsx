import { type ReactNode, type Ref, useId } from 'react';
import pieces from '../styles/pieces.module.css';
import fields from './Field.module.css';
import styles from './TextField.module.css';

interface TextFieldProps {
  label: string;
  value: string;
  onChange(value: string): void;
  longest: number;
  /** What is wrong with it, in words. */
  problem?: string | undefined;
  /** Several lines. */
  rows?: number;
  ref?: Ref<HTMLInputElement>;
}

/** A text to be written, with its label above. */
export function TextField({ label, value, onChange, longest, problem, rows, ref }: TextFieldProps) {
  const id = useId();
  const shared = {
    ...{ id, value, maxLength: longest, autoComplete: 'off', 'aria-invalid': problem !== undefined },
    ...(problem === undefined ? {} : { 'aria-describedby': `${id}-problem` }),
  };
  return (
    <div className={fields.field}>
      <label htmlFor={id} className={fields.label}>
        {label}
      </label>
      {rows === undefined ? (
        <input
          {...shared}
          ref={ref}
          className={pieces.textField}
          onChange={({ target }) => onChange(target.value)}
        />
      ) : (
        <textarea
          {...shared}
          rows={rows}
          className={`${pieces.textField} ${styles.area}`}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      {problem === undefined ? null : <Problem id={`${id}-problem`}>{problem}</Problem>}
    </div>
  );
}

function Problem({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className={styles.problem}>
      {children}
    </p>
  );
}
