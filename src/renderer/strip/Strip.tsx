/** The photographs, one below the other. */
export function Strip() {
  return null;
}
