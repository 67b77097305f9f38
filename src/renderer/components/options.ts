export interface Option<T extends string> {
  value: T;
  label: string;
  /** A line below the label, where there is room for one. */
  note?: string;
}

/** One of several, and what they are about. */
export interface OptionsProps<T extends string> {
  label: string;
  value: T;
  options: readonly Option<T>[];
  onChange(value: T): void;
}
