import { expect, it } from 'vitest';
import { pickedFiles, walkFolder } from '../../../src/renderer/intake/read-drop.ts';

/** Folders as browsers give them: a few entries at a time, in no order. */
function folderOf(fullPath: string, entries: readonly object[]) {
  const name = fullPath.split('/').at(-1) ?? '';
  const readers = () => {
    const left = [...entries];
    return { readEntries: (resolve: (some: object[]) => void) => resolve(left.splice(0, 2)) };
  };
  return { isFile: false, isDirectory: true, name, fullPath, createReader: readers };
}

const fileOf = (name: string) => ({
  ...{ isFile: true, isDirectory: false, name },
  file: (resolve: (file: File) => void) => resolve(new File(['x'], name)),
});

it('walks folders in the order of names, and says where each file lay', async () => {
  const day = folderOf('/trip/day 1', [fileOf('z.jpg')]);
  const none = folderOf('/trip/none', []);
  const locked = {
    ...fileOf('locked.jpg'),
    file: (_: unknown, reject: (error: Error) => void) => reject(new Error()),
  };
  const trip = folderOf('/trip', [fileOf('c.jpg'), day, fileOf('a.jpg'), none, locked, fileOf('b.jpg')]);
  const found: string[] = [];
  for await (const some of walkFolder(trip as unknown as FileSystemDirectoryEntry)) {
    found.push(...some.map(({ file, folder }) => `${folder}: ${file.name}`));
  }
  expect(found).toEqual(['trip: a.jpg', 'trip: b.jpg', 'trip: c.jpg', 'trip/day 1: z.jpg']);
});

it('a picked file lies where its folder says', () => {
  const inFolder = Object.defineProperty(new File([], 'a.jpg'), 'webkitRelativePath', {
    value: 'trip/day/a.jpg',
  });
  const alone = Object.defineProperty(new File([], 'b.jpg'), 'webkitRelativePath', { value: '' });
  expect(pickedFiles([inFolder, alone]).map(({ folder }) => folder)).toEqual(['trip/day', '']);
});
