/** How far everything is, and the buttons that stop and go. */
export function QueueStatus() {
  return null;
}
