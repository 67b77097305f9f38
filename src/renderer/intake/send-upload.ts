import i18next from 'i18next';
import { errorDataSchema } from '../../shared/contract/error.ts';
import { type Uploaded, uploadedSchema } from '../../shared/contract/input.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { Found } from './read-drop.ts';

interface Sending {
  signal: AbortSignal;
  /** 0 to 1. */
  onProgress(share: number): void;
}

/**
 * Uploads a file to main. Throws what main says against it, `cancelled` once `signal` aborts, `stopped` where the
 * line breaks off.
 */
export function sendUpload({ file, folder }: Found, { signal, onProgress }: Sending): Promise<Uploaded> {
  const { promise, resolve, reject } = Promise.withResolvers<Uploaded>();
  const request = new XMLHttpRequest();
  const abort = () => request.abort();
  request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total ? loaded / total : 0));
  request.addEventListener('load', () => {
    const uploaded = uploadedSchema.safeParse(parsed(request.responseText));
    if (request.status === 201 && uploaded.success) resolve(uploaded.data);
    else reject(refusal(request));
  });
  request.addEventListener('error', () => reject(brokenOff()));
  request.addEventListener('abort', () => reject(new EnlargerError('cancelled', 'Cancelled.')));
  request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
  const query = new URLSearchParams({ name: file.name, ...(folder ? { folder } : {}) });
  request.open('POST', `/upload?${query}`);
  signal.addEventListener('abort', abort);
  request.send(file);
  return promise;
}

function refusal({ responseText }: XMLHttpRequest): EnlargerError {
  const data = errorDataSchema.safeParse(parsed(responseText));
  return data.success ? EnlargerError.from(data.data) : brokenOff();
}

const brokenOff = () => new EnlargerError('stopped', i18next.t('intake.brokenOff'));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
