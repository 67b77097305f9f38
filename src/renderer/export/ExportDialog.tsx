/** Where results are to go. */
export function ExportDialog() {
  return null;
}
