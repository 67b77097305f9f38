import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { EnlargerError } from '../../shared/errors.ts';

export interface SessionOptions {
  /** Threads that compute one operator. */
  threads: number;
  /** A file to which ONNX Runtime writes the network after folding what is constant, and nothing else. */
  folded?: string;
}

/** A session of `model`, let go when it is disposed of. Throws `model-invalid`, naming `file`. */
export async function openSession(
  model: Uint8Array,
  file: string,
  { threads, folded }: SessionOptions,
): Promise<InferenceSession & AsyncDisposable> {
  try {
    const session = await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      logSeverityLevel: 4,
      ...(folded ? { graphOptimizationLevel: 'basic', optimizedModelFilePath: folded } : {}),
    });
    return Object.assign(session, { [Symbol.asyncDispose]: () => session.release() });
  } catch (error) {
    throw runtimeError(error, file);
  }
}

/** The outputs of `session` for one input, by name. Throws `model-invalid`, naming `file`. */
export async function runSession(
  session: InferenceSession,
  input: Tensor,
  file: string,
): Promise<InferenceSession.OnnxValueMapType> {
  const [name] = session.inputNames;
  return session.run({ [name as string]: input }).catch((error: unknown) => {
    throw runtimeError(error, file);
  });
}

function runtimeError(error: unknown, file: string): EnlargerError {
  const reason = error instanceof Error ? error.message : String(error);
  const code = /alloc|memory/i.test(reason) ? 'out-of-memory' : 'model-invalid';
  return new EnlargerError(code, `${file}: ONNX Runtime cannot use this model: ${reason}`, {
    file,
    cause: error,
  });
}
