import { Select } from '@base-ui/react/select';
import { useId } from 'react';
import styles from './Choice.module.css';
import { CheckIcon, ChevronIcon } from './icons.tsx';

export interface Option<T extends string> {
  value: T;
  label: string;
  /** A line below the label, in the list only. */
  note?: string;
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange(value: T): void;
  disabled?: boolean;
}

/** One of several, with its label above. */
export function Choice<T extends string>({ label, value, options, onChange, disabled }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <span id={id} className={styles.label}>
        {label}
      </span>
      <Select.Root<T>
        value={value}
        onValueChange={(next) => next !== null && onChange(next)}
        items={options as Option<T>[]}
        modal={false}
        {...(disabled === undefined ? {} : { disabled })}
      >
        <Select.Trigger className={styles.trigger} aria-labelledby={id}>
          <Select.Value className={styles.value} />
          <Select.Icon className={styles.chevron}>
            <ChevronIcon />
          </Select.Icon>
        </Select.Trigger>
        <Select.Portal>
          <Select.Positioner className={styles.positioner} sideOffset={4} alignItemWithTrigger={false}>
            <Select.Popup className={styles.popup}>
              {options.map((option) => (
                <Select.Item key={option.value} value={option.value} className={styles.item}>
                  <Select.ItemIndicator className={styles.check}>
                    <CheckIcon />
                  </Select.ItemIndicator>
                  <span className={styles.words}>
                    <Select.ItemText>{option.label}</Select.ItemText>
                    {option.note ? <span className={styles.note}>{option.note}</span> : null}
                  </span>
                </Select.Item>
              ))}
            </Select.Popup>
          </Select.Positioner>
        </Select.Portal>
      </Select.Root>
    </div>
  );
}
