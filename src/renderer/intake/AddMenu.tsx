/** Ways to add photographs. */
export function AddMenu() {
  return null;
}
