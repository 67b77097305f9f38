/**
 * Chromium knows no `app:`; its pages are shown at an address that only the stand-in answers, secure and with an origin as
 * a standard scheme has them. Main sees `app:` and nothing else.
 */
const APP = 'app://enlarger';
const SHOWN = 'https://enlarger.app.test';

/** The address in Chromium of one in `app:`. */
export function toShown(address: string): string {
  return address.startsWith(APP) ? SHOWN + address.slice(APP.length) : address;
}

/** The address that main hears of. */
export function fromShown(address: string): string {
  return address.startsWith(SHOWN) ? APP + address.slice(SHOWN.length) : address;
}

export function isShown(address: string): boolean {
  return address === SHOWN || address.startsWith(`${SHOWN}/`);
}

export function originOf(address: string): string {
  const match = /^[a-z]+:\/\/[^/]*/.exec(address);
  return match ? match[0] : 'null';
}
