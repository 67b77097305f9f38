import { useEffect, useState } from 'react';
import pieces from '../styles/pieces.module.css';
import styles from './NumberField.module.css';

interface NumberFieldProps {
  label: string;
  /** What it holds while nothing is typed. */
  shown: string;
  placeholder?: string;
  /** What was typed, as a number; undefined where it is none. */
  parse(text: string): number | undefined;
  onChange(value: number): void;
}

/** A number to be typed: it counts once one leaves it, or presses Enter; what is no number is as if it had not been typed. */
export function NumberField({ label, shown, placeholder, parse, onChange }: NumberFieldProps) {
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const settle = () => {
    const value = parse(text);
    if (value !== undefined && text !== shown) onChange(value);
    setText(shown);
  };
  return (
    <input
      className={`${pieces.textField} ${styles.number}`}
      inputMode="numeric"
      placeholder={placeholder}
      aria-label={label}
      value={text}
      onChange={({ target }) => setText(target.value)}
      onBlur={settle}
      onKeyDown={({ key }) => key === 'Enter' && settle()}
    />
  );
}
