/** Folders from the root down to `path`, each with the path that leads to it; the root itself is not among them. */
export function stepsTo(path: string): { name: string; path: string }[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') }));
}

/** The folder `name` inside of `path`; undefined for a name that no folder can have. */
export function folderIn(path: string, name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '') return path;
  if (/[/\\]/.test(trimmed) || trimmed === '.' || trimmed === '..') return undefined;
  return path === '' ? trimmed : `${path}/${trimmed}`;
}
