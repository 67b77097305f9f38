import { constants } from 'node:fs';
import { chmod, copyFile, open, stat } from 'node:fs/promises';
import { EnlargerError } from '../../../shared/errors.ts';

/** A file that somebody brings to be made a model of. */
export interface BroughtFile {
  /** Absolute. */
  path: string;
  /** What it is called to its user; its path unless told. */
  name?: string | undefined;
  /** Absolute: where other files may lie that it keeps weights in; those in folders inside, too. None where absent. */
  folder?: string | undefined;
}

/** What one ONNX file can have, in bytes. Source: Protocol Buffers' own limit. */
const MOST_BYTES = 2 ** 31 - 1;

export const nameOf = ({ path, name }: BroughtFile): string => name ?? path;

/** The bytes of a file. Throws what keeps it from being read, `bad-argument` for what is no file, `model-invalid` beyond 2 GB. */
export async function sizeOfBrought(file: BroughtFile): Promise<number> {
  const name = nameOf(file);
  try {
    const stats = await stat(file.path);
    if (!stats.isFile()) throw new EnlargerError('bad-argument', `${name}: is no file.`, { file: name });
    if (stats.size > MOST_BYTES) {
      throw new EnlargerError('model-invalid', `${name}: larger than 2 GB, which no ONNX file can be.`, {
        file: name,
      });
    }
    await (await open(file.path, 'r')).close();
    return stats.size;
  } catch (error) {
    throw unreadable(error, name);
  }
}

/** Copies it to `target`, where nothing stands. The copy may be written to, whatever the mode of the file. */
export async function copyBrought({ path }: BroughtFile, target: string): Promise<void> {
  await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  // Its mode came with it.
  await chmod(target, 0o600);
}

function unreadable(error: unknown, file: string): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const details = { file, cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new EnlargerError('not-found', `${file}: there is no such file.`, details);
  }
  return new EnlargerError('permission-denied', `${file}: may not be read. Check its permissions.`, details);
}
