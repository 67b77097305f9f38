/** The last part of an absolute path, of either kind of system. */
export function baseName(path: string): string {
  const parts = path.startsWith('/') ? path.split('/') : path.split(/[\\/]/);
  return parts.at(-1) || path;
}

/** Words about a file without the file's name or path before them, for where that is seen anyway. */
export function withoutName(words: string, ...names: readonly string[]): string {
  const named = names.find((name) => name !== '' && words.startsWith(`${name}: `));
  if (named === undefined) return words;
  const rest = words.slice(named.length + 2);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
