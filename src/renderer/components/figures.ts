/** Figures as people read them, in the language of the page. Pure. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `bytes` in the largest unit that it has one of, such as "4.2 MB". */
export function formatBytes(bytes: number, language: string): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 || value >= 100 ? 0 : 1,
  }).format(value);
}

/** `milliseconds` to the second, below ten seconds to a tenth of it: "2.4s", "1m 5s", "2h 3m". */
export function formatTime(milliseconds: number, language: string): string {
  const seconds = Math.max(0, milliseconds / 1000);
  const part = (value: number, unit: 'hour' | 'minute' | 'second', digits = 0) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: 'narrow',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);
  if (seconds < 9.95) return part(seconds, 'second', 1);
  const whole = Math.round(seconds);
  if (whole < 60) return part(whole, 'second');
  if (whole < 3600) return `${part(Math.floor(whole / 60), 'minute')} ${part(whole % 60, 'second')}`;
  return `${part(Math.floor(whole / 3600), 'hour')} ${part(Math.floor((whole % 3600) / 60), 'minute')}`;
}

/** A share from 0 to 1 in whole per cent, never 100 before it is whole. */
export function formatShare(share: number, language: string): string {
  const shown = share < 1 ? Math.min(share, 0.99) : 1;
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(shown);
}

/** A number with the separators of the language. */
export function formatCount(count: number, language: string): string {
  return new Intl.NumberFormat(language).format(count);
}

/** As `formatCount`, and in three figures from ten thousand on, for where there is little room: "12K". */
export function formatShortCount(count: number, language: string): string {
  if (count < 10_000) return formatCount(count, language);
  return new Intl.NumberFormat(language, { notation: 'compact' }).format(count);
}

/** Pixels in megapixels, below ten to two figures. */
export function formatMegapixels(pixels: number, language: string): string {
  const value = pixels / 1e6;
  const exact = value < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 };
  return new Intl.NumberFormat(language, exact).format(value);
}
