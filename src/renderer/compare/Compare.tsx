/** The picture that is looked at, before and after. */
export function Compare() {
  return null;
}
