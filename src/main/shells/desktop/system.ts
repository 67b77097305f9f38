import { access } from 'node:fs/promises';
import { app, type BrowserWindow, dialog, nativeImage, type OpenDialogOptions, shell } from 'electron';
import { EnlargerError } from '../../../shared/errors.ts';
import { INPUT_EXTENSIONS } from '../../../shared/formats.ts';
import type { SystemCalls } from '../../router/system-calls.ts';
import type { RecentFolders } from './recent-folders.ts';
import type { Words } from './words.ts';

interface SystemOptions {
  window: () => BrowserWindow | undefined;
  words: () => Words;
  recent: RecentFolders;
}

/** A square of four gray pixels, for files that the system has no icon for: a drag needs some image. */
const PLAIN_ICON =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR4nGNoaGhoaAAACAQCAYX2LZkAAAAASUVORK5CYII=';

/** Dialogs, file manager and drags, by Electron. */
export function electronSystem({ window, words, recent }: SystemOptions): SystemCalls {
  const choose = async (options: OpenDialogOptions): Promise<string[]> => {
    const parent = window();
    const { filePaths } = await (parent
      ? dialog.showOpenDialog(parent, options)
      : dialog.showOpenDialog(options));
    return filePaths;
  };
  return {
    pickPictures: () => {
      const { pictures, allFiles } = words();
      const filters = [
        { name: pictures, extensions: [...INPUT_EXTENSIONS] },
        { name: allFiles, extensions: ['*'] },
      ];
      return choose({ properties: ['openFile', 'multiSelections'], filters });
    },
    pickFolders: () => choose({ properties: ['openDirectory', 'multiSelections'] }),
    pickOut: async () => {
      const { chooseOut, choose: buttonLabel } = words();
      const [latest] = recent.paths;
      const [path] = await choose({
        title: chooseOut,
        message: chooseOut,
        buttonLabel,
        properties: ['openDirectory', 'createDirectory'],
        ...(latest === undefined ? {} : { defaultPath: latest }),
      });
      if (path !== undefined) recent.add(path);
      return path;
    },
    recentOuts: () => recent.paths,
    reveal: (path) => shell.showItemInFolder(path),
    dragOut: async (paths) => {
      const contents = window()?.webContents;
      const [file] = paths;
      if (!contents || file === undefined) return;
      await Promise.all(paths.map(expectFile));
      const icon = await app.getFileIcon(file, { size: 'normal' }).catch(() => undefined);
      const image = icon && !icon.isEmpty() ? icon : nativeImage.createFromDataURL(PLAIN_ICON);
      contents.startDrag({ file, files: [...paths], icon: image });
    },
  };
}

async function expectFile(path: string): Promise<void> {
  await access(path).catch(() => {
    throw new EnlargerError('not-found', `${path}: there is no such file any more.`, { file: path });
  });
}
