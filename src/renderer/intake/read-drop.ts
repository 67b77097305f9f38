/** A file that was added, and where it lay inside the folder that was; '' where it was added by itself. */
export interface Found {
  file: File;
  folder: string;
}

export interface Dropped {
  files: Found[];
  folders: FileSystemDirectoryEntry[];
}

/**
 * What a drop holds. To be asked while the drop is handled: it knows of nothing any more afterwards. `enter`: folders
 * are to be walked; else they count as files, as which they have a path.
 */
export function takeDropped(transfer: DataTransfer, enter: boolean): Dropped {
  const dropped: Dropped = { files: [], folders: [] };
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = enter ? item.webkitGetAsEntry() : null;
    if (entry?.isDirectory) {
      dropped.folders.push(entry as FileSystemDirectoryEntry);
      continue;
    }
    const file = item.getAsFile();
    if (file) dropped.files.push({ file, folder: '' });
  }
  return dropped;
}

/**
 * The files in a folder and in the folders inside it, in the order of their names, some at a time. Their `folder`
 * begins with the folder's own name. What cannot be read is left out.
 */
export async function* walkFolder(root: FileSystemDirectoryEntry): AsyncGenerator<Found[]> {
  const entries = await entriesOf(root).catch(() => []);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const folder = root.fullPath.replace(/^\//, '');
  const files = entries.filter((entry) => entry.isFile) as FileSystemFileEntry[];
  for (let next = 0; next < files.length; next += AT_ONCE) {
    const read = await Promise.allSettled(files.slice(next, next + AT_ONCE).map(fileOf));
    yield read.flatMap((result) => (result.status === 'fulfilled' ? [{ file: result.value, folder }] : []));
  }
  for (const entry of entries) {
    if (entry.isDirectory) yield* walkFolder(entry as FileSystemDirectoryEntry);
  }
}

/** Files that are opened together. */
const AT_ONCE = 200;

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** Files that were picked, those of a picked folder with where they lay in it. */
export function pickedFiles(files: Iterable<File>): Found[] {
  return [...files].map((file) => ({
    file,
    folder: file.webkitRelativePath.split('/').slice(0, -1).join('/'),
  }));
}
