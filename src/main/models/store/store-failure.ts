import { asEnlargerError, EnlargerError } from '../../../shared/errors.ts';
import { isDiskFull } from '../../disk-full.ts';

const IN_THE_WAY = new Set(['EEXIST', 'ENOTDIR']);
const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS']);

/** What a failure to write into `folder` means to its user. An error of ours stays as it is. */
export function storeFailure(error: unknown, folder: string): EnlargerError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const details = { file: folder, cause: error };
  if (error instanceof EnlargerError) return error;
  if (isDiskFull(error)) {
    return new EnlargerError('disk-full', `${folder}: the disk is full. Make room and try again.`, details);
  }
  if (FORBIDDEN.has(code)) {
    const advice = 'Check its permissions, or choose another folder with ENLARGER_HOME.';
    return new EnlargerError('permission-denied', `${folder}: may not be written to. ${advice}`, details);
  }
  if (IN_THE_WAY.has(code)) {
    const message = `${folder}: something else stands there. Move it away.`;
    return new EnlargerError('permission-denied', message, details);
  }
  return asEnlargerError(error, 'internal', { file: folder });
}

/** The same error about `name`, which its user knows, in place of `path`, or of a file in it. */
export function withName(error: unknown, path: string, name: string): unknown {
  if (!(error instanceof EnlargerError)) return error;
  const place = error.file?.startsWith(path) ? error.file : path;
  const renamed = error.message.replaceAll(place, name).replaceAll(path, name);
  // A name may be a single letter, which is in every message.
  const named = renamed !== error.message || renamed.startsWith(`${name}: `) || renamed.includes(`'${name}'`);
  const message = named ? renamed : `${name}: ${renamed}`;
  return new EnlargerError(error.code, message, { file: name, cause: error });
}
