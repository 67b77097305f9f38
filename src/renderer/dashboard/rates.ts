/** Shares and rates as people read them, in the language of the page. Pure. */

/** `share`, 0 to 1, in percent. */
export function formatShare(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** A rate with two digits that mean something below ten, such as "0.40", "4.2" and "42"; "0" for none. */
export function formatRate(rate: number, language: string): string {
  const digits = rate === 0 || rate >= 10 ? 0 : rate >= 1 ? 1 : 2;
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(rate);
}
