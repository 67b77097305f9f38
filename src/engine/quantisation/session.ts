import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { modelError } from '../inference/runtime-errors.ts';
import { trialOptions } from '../inference/session-options.ts';

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
      ...trialOptions(threads),
      ...(folded ? { graphOptimizationLevel: 'basic', optimizedModelFilePath: folded } : {}),
    });
    return Object.assign(session, { [Symbol.asyncDispose]: () => session.release() });
  } catch (error) {
    throw modelError(error, file);
  }
}

/** The outputs of `session` for these inputs, by name. Throws `model-invalid`, naming `file`. */
export async function runSession(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  file: string,
): Promise<InferenceSession.OnnxValueMapType> {
  return session.run(feeds).catch((error: unknown) => {
    throw modelError(error, file);
  });
}
