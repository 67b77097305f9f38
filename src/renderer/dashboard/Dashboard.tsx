/** What the machine is doing. */
export function Dashboard() {
  return null;
}
