/** Every way in which Enlarger says no. A code is what programs react to, the message is what people read. */
export type ErrorCode =
  | 'bad-argument'
  | 'cancelled'
  | 'collision'
  | 'deadline-exceeded'
  | 'decode-failed'
  | 'disk-full'
  | 'download-failed'
  | 'encode-failed'
  | 'engine-died'
  | 'engine-unavailable'
  | 'in-use'
  | 'inference-failed'
  | 'internal'
  | 'journal-broken'
  | 'journal-too-new'
  | 'lease-lost'
  | 'licence-not-accepted'
  | 'model-invalid'
  | 'not-found'
  | 'offline'
  | 'out-of-memory'
  | 'permission-denied'
  | 'pool-double-release'
  | 'pool-foreign-release'
  | 'pool-timeout'
  | 'protocol-mismatch'
  | 'quarantined'
  | 'source-changed'
  | 'stopped'
  | 'too-large'
  | 'unsupported-format'
  | 'verify-failed';

export interface ErrorDetails {
  /** The file the error is about. */
  file?: string | undefined;
  cause?: unknown;
}

/** What crosses process boundaries in place of an Error. */
export interface SerializedError {
  code: ErrorCode;
  message: string;
  file?: string | undefined;
}

/** An error whose message names the file or value and says what to do; users may read it as it stands. */
export class EnlargerError extends Error {
  readonly code: ErrorCode;
  readonly file: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'EnlargerError';
    this.code = code;
    this.file = details.file;
  }

  toJSON(): SerializedError {
    return { code: this.code, message: this.message, file: this.file };
  }

  static from(serialized: SerializedError): EnlargerError {
    return new EnlargerError(serialized.code, serialized.message, { file: serialized.file });
  }
}

/** `error` itself if it is typed already, else the same message under `code`. */
export function asEnlargerError(error: unknown, code: ErrorCode, details: ErrorDetails = {}): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new EnlargerError(code, message, { cause: error, ...details });
}

/** The error that an aborted `signal` stands for. */
export function cancelledError(signal?: AbortSignal): EnlargerError {
  return signal?.reason instanceof EnlargerError
    ? signal.reason
    : new EnlargerError('cancelled', 'Cancelled.');
}
