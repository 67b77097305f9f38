/** What everybody must know: a lost line, an engine in trouble, an obstacle, notices. */
export function Banners() {
  return null;
}
