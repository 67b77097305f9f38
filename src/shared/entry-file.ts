/**
 * The file in which a thread or process begins: its source while developing and testing (`source`, relative to
 * the module at `base`); once built, a bundle at the top of the output folder, whose shared code is in chunks/.
 */
export function entryFile(base: string, source: string, bundle: string): URL {
  if (base.endsWith('.ts')) return new URL(source, base);
  return new URL(base.includes('/chunks/') ? `../${bundle}` : `./${bundle}`, base);
}
