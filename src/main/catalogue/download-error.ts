import { EnlargerError } from '../../shared/errors.ts';
import { isDiskFull } from '../disk-full.ts';

/** The host did not give what it was asked for; `reason` goes on from the host's name. */
export function downloadFailed(
  id: string,
  host: string,
  reason: string,
  advice = 'Try again later.',
  cause?: unknown,
): EnlargerError {
  const message = `${id}: could not be downloaded from ${host}: ${reason}. ${advice}`;
  return new EnlargerError('download-failed', message, { cause });
}

const NOT_FOUND = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA']);

/** What went wrong on the way to `host`, in words; an error of ours stays as it is. */
export function asDownloadError(error: unknown, id: string, host: string): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (NOT_FOUND.has(code)) {
    const advice = 'Check that this machine is connected to the network.';
    return downloadFailed(id, host, 'the host cannot be found', advice, error);
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code)) {
    const advice = "Check this machine's clock, and what stands between it and the network.";
    return downloadFailed(id, host, `its certificate cannot be trusted (${code})`, advice, error);
  }
  return downloadFailed(id, host, `the connection broke (${code || message})`, 'Try again later.', error);
}

/** What keeps `file` from being written, in words. */
export function asFileError(error: unknown, id: string, file: string): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const details = { file, cause: error };
  if (isDiskFull(error)) {
    const reason = `${file}: the disk is full. Make room and download ${id} again; it goes on where it was.`;
    return new EnlargerError('disk-full', reason, details);
  }
  const { message } = error as NodeJS.ErrnoException;
  const reason = `${file}: cannot be written (${message}). Check the permissions of its folder.`;
  return new EnlargerError('permission-denied', reason, details);
}
