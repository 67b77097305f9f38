/**
 * How values travel between the stand-in and the page: what a structured clone would carry of them, as text. Both
 * functions go into the page as their own source, and know nothing but what they are given.
 */

/** Throws, as Electron does, for what cannot be cloned. */
export function encode(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (value === undefined) return ['undefined'];
  if (Array.isArray(value)) return ['array', value.map(encode)];
  if (value instanceof Uint8Array) return ['bytes', btoa(String.fromCharCode(...value))];
  if (value instanceof ArrayBuffer) return ['buffer', btoa(String.fromCharCode(...new Uint8Array(value)))];
  if (value instanceof Error) return ['error', value.message];
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  const plain =
    prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null);
  if (typeof value !== 'object' || !plain) throw new Error('An object could not be cloned.');
  return [
    'object',
    Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, encode(one)])),
  ];
}

export function decode(wire: unknown): unknown {
  if (!Array.isArray(wire)) return wire;
  const [kind, content] = wire as [string, unknown];
  const bytes = () => Uint8Array.from(atob(content as string), (character) => character.charCodeAt(0));
  switch (kind) {
    case 'array':
      return (content as unknown[]).map(decode);
    case 'bytes':
      return bytes();
    case 'buffer':
      return bytes().buffer;
    case 'error':
      return new Error(content as string);
    case 'object':
      return Object.fromEntries(Object.entries(content as object).map(([name, one]) => [name, decode(one)]));
    default:
      return undefined;
  }
}
