import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { JSHandle, Page } from 'playwright';

/** A drag that holds these files, as a file manager would begin it. */
async function transferOf(page: Page, paths: readonly string[]): Promise<JSHandle<DataTransfer>> {
  const files = await Promise.all(
    paths.map(async (path) => ({ name: basename(path), data: (await readFile(path)).toString('base64') })),
  );
  return page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, data } of list) {
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    return transfer;
  }, files);
}

/** Drops files of this machine on the page. */
export async function dropFiles(page: Page, ...paths: string[]): Promise<void> {
  const dataTransfer = await transferOf(page, paths);
  await page.dispatchEvent('main', 'drop', { dataTransfer });
}

/** Holds files over the page without letting them go. */
export async function holdFiles(page: Page, ...paths: string[]): Promise<void> {
  const dataTransfer = await transferOf(page, paths);
  await page.dispatchEvent('main', 'dragenter', { dataTransfer });
  await page.dispatchEvent('main', 'dragover', { dataTransfer });
}

/** Pastes files of this machine. */
export async function pasteFiles(page: Page, ...paths: string[]): Promise<void> {
  const clipboardData = await transferOf(page, paths);
  await page.evaluate((data) => {
    document.body.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, clipboardData);
}

/** Files of a folder to be dropped: where they lie below it, and what is in them. */
type FolderFiles = readonly { path: string; bytes: Buffer }[];

/**
 * Drops a folder. No script can make such a drag, so its entries are those of the browser's own sandboxed file system,
 * which are of the same kind.
 */
export async function dropFolder(page: Page, name: string, files: FolderFiles): Promise<void> {
  const list = files.map(({ path, bytes }) => ({ path: `${name}/${path}`, data: bytes.toString('base64') }));
  await page.evaluate(
    async ({ name, list }) => {
      const promised = <T>(call: (resolve: (value: T) => void, reject: (error: unknown) => void) => void) =>
        new Promise<T>(call);
      type Opener = (type: number, size: number, done: (system: FileSystem) => void, failed: unknown) => void;
      const open = Reflect.get(window, 'webkitRequestFileSystem') as Opener;
      const { root } = await promised<FileSystem>((resolve, reject) =>
        open.call(window, 0, 1e8, resolve, reject),
      );
      for (const { path, data } of list) {
        const parts = path.split('/');
        for (let depth = 1; depth < parts.length; depth++) {
          const folder = parts.slice(0, depth).join('/');
          await promised((resolve, reject) => root.getDirectory(folder, { create: true }, resolve, reject));
        }
        const entry = await promised<FileSystemEntry>((resolve, reject) =>
          root.getFile(path, { create: true }, resolve, reject),
        );
        type Writer = EventTarget & { write(data: Blob): void };
        const writer = await promised<Writer>((resolve, reject) =>
          Reflect.get(entry, 'createWriter').call(entry, resolve, reject),
        );
        const written = promised((resolve) => writer.addEventListener('writeend', resolve));
        writer.write(new Blob([Uint8Array.from(atob(data), (character) => character.charCodeAt(0))]));
        await written;
      }
      const entry = await promised<FileSystemEntry>((resolve, reject) =>
        root.getDirectory(name, {}, resolve, reject),
      );
      const items = [{ kind: 'file', webkitGetAsEntry: () => entry, getAsFile: () => null }];
      const drop = new DragEvent('drop', { bubbles: true, cancelable: true });
      Object.defineProperty(drop, 'dataTransfer', { value: { types: ['Files'], items } });
      document.body.dispatchEvent(drop);
    },
    { name, list },
  );
}
