/** Each note once, with how many files it is about; the most frequent first. */
export function countNotes(
  files: readonly { notes: readonly string[] }[],
): { note: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { notes } of files) {
    for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
  }
  return [...counts].map(([note, count]) => ({ note, count })).sort((a, b) => b.count - a.count);
}
