import { EnlargerError, type ErrorCode } from '../../shared/errors.ts';
import { isDiskFull } from '../disk-full.ts';

/** SQLite's primary result codes that mean something to a user: https://www.sqlite.org/rescode.html */
const MEANINGS: Record<number, { code: ErrorCode; words: string }> = {
  5: {
    code: 'internal',
    words: 'another Enlarger keeps the journal busy. Wait until it is done, then try again',
  },
  8: { code: 'permission-denied', words: 'the journal cannot be written. Change its permissions' },
  11: { code: 'journal-broken', words: 'the journal is damaged' },
  13: { code: 'disk-full', words: 'no room is left for the journal. Make room on that disk' },
  14: {
    code: 'permission-denied',
    words: 'the journal cannot be opened. Change the permissions of its folder',
  },
  26: { code: 'journal-broken', words: 'this is not a journal' },
};

/** `error` itself where it is typed; what SQLite throws, in words that name the journal at `path`. */
export function journalError(error: unknown, path: string): unknown {
  if (error instanceof EnlargerError || !(error instanceof Error)) return error;
  const { errcode } = error as { errcode?: number };
  if (errcode === undefined) return error;
  const meaning = MEANINGS[errcode & 0xff];
  const { code, words } = meaning ?? { code: 'internal', words: 'the journal cannot be used' };
  return new EnlargerError(code, `${path}: ${words} (${error.message}).`, { file: path, cause: error });
}

/** What keeps the journal's `folder` from being used, in words that name it and say what to do. */
export function folderError(error: unknown, folder: string): EnlargerError {
  const { message } = error as NodeJS.ErrnoException;
  const isFull = isDiskFull(error);
  const advice = isFull ? 'Make room on that disk' : 'Change its permissions';
  return new EnlargerError(
    isFull ? 'disk-full' : 'permission-denied',
    `${folder}: the folder of the journal cannot be used (${message}). ${advice}, or set ENLARGER_HOME to another folder.`,
    { file: folder, cause: error },
  );
}
