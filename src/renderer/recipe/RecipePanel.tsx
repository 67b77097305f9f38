/** What shall become of the next photographs. */
export function RecipePanel() {
  return null;
}
