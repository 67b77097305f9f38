import { Select } from '@base-ui/react/select';
import { useId } from 'react';
import styles from './Choice.module.css';
import fields from './Field.module.css';
import { CheckIcon, ChevronIcon } from './icons.tsx';
import type { Option, OptionsProps } from './options.ts';

interface ChoiceProps<T extends string> extends OptionsProps<T> {
  disabled?: boolean;
}

/** One of several, with its label above; notes are in the list only. */
export function Choice<T extends string>({ label, value, options, onChange, disabled }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className={fields.field}>
      <span id={id} className={fields.label}>
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
                  <span className={fields.words}>
                    <Select.ItemText>{option.label}</Select.ItemText>
                    {option.note ? <span className={fields.note}>{option.note}</span> : null}
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
