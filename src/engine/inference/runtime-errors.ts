import { EnlargerError } from '../../shared/errors.ts';

/** What ONNX Runtime and its providers say when memory is short: they have no code for it. */
export function isShortOfMemory(reason: string): boolean {
  return /alloc|memory/i.test(reason);
}

/** What ONNX Runtime throws over the model `file`, as `out-of-memory` or `model-invalid`. */
export function modelError(cause: unknown, file: string): EnlargerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = isShortOfMemory(reason) ? 'out-of-memory' : 'model-invalid';
  const message = `${file}: ONNX Runtime cannot use this model: ${reason}`;
  return new EnlargerError(code, message, { file, cause });
}
