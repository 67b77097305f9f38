/** What is chosen once and for all. */
export function SettingsDialog() {
  return null;
}
