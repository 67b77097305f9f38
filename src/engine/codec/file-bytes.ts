import type { FileHandle } from 'node:fs/promises';
import { EnlargerError } from '../../shared/errors.ts';

/** Fills `bytes` from `position` on. Throws `internal` if the file ends before: it is a scratch file of ours. */
export async function readExactly(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) throw new EnlargerError('internal', 'The scratch frame ended early.');
    done += bytesRead;
  }
}

/** Writes all of `bytes` from `position` on. */
export async function writeExactly(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
