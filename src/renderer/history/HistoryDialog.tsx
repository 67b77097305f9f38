/** Batches of earlier days. */
export function HistoryDialog() {
  return null;
}
