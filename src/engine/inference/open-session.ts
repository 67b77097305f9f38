import { InferenceSession } from 'onnxruntime-node';
import type { SessionSpec } from '../../shared/plan.ts';
import { modelError } from './runtime-errors.ts';
import { sessionOptions } from './session-options.ts';

type Options = InferenceSession.SessionOptions;

/** ONNX Runtime's COREML_FLAG_CREATE_MLPROGRAM: the form of CoreML's models that knows more operators, and half floats. */
const ML_PROGRAM = 0x10;

/**
 * Makes a session as `spec` says. `model` is the ONNX file, checked against its hash already. Throws `out-of-memory`, or
 * `model-invalid`, naming the file, where ONNX Runtime cannot use it.
 *
 * ONNX Runtime gives to the processor what another provider cannot compute. `wholly` makes that an error: so it is found
 * out, once for each device, whether a network is computed there as a whole.
 */
export async function openSession(
  spec: SessionSpec,
  model: Uint8Array,
  { wholly = false }: { wholly?: boolean } = {},
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, optionsOf(spec, wholly));
  } catch (error) {
    throw modelError(error, spec.file);
  }
}

function optionsOf(spec: SessionSpec, wholly: boolean): Options {
  const { extra, ...shared } = sessionOptions(spec.threads);
  return {
    ...shared,
    executionProviders: [providerOptions(spec)],
    // On processors a pattern is kept for each shape of input ever seen, and the last tiles of pictures have shapes of
    // their own; DirectML allows none, and no operators beside each other either.
    enableMemPattern: false,
    executionMode: 'sequential',
    extra: { session: { ...extra.session, ...(wholly ? { disable_cpu_ep_fallback: '1' } : {}) } },
    // Other providers write at length what they throw as an error, too.
    logSeverityLevel: spec.provider === 'cpu' ? 3 : 4,
  };
}

/** The binding for Node passes on which device, and CoreML's flags; no limit of memory, and WebGPU's device is its own choice. */
function providerOptions({ provider, device = 0 }: SessionSpec): InferenceSession.ExecutionProviderConfig {
  switch (provider) {
    case 'cuda':
    case 'dml':
      return { name: provider, deviceId: device };
    case 'coreml':
      return { name: provider, coreMlFlags: ML_PROGRAM };
    default:
      return provider;
  }
}
