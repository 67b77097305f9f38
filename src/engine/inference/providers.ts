import { env, InferenceSession, listSupportedBackends } from 'onnxruntime-node';

interface ProviderState {
  name: string;
  works: boolean;
  /** Why not, in one line; empty where it works. */
  reason: string;
}

export interface Runtime {
  /** Version of ONNX Runtime. */
  version: string;
  providers: ProviderState[];
}

/**
 * Tries every execution provider that was compiled into ONNX Runtime with `model`, one after the other:
 * drivers that fail do so in surprising ways, and then it should be plain which.
 */
export async function examineRuntime(model: Uint8Array): Promise<Runtime> {
  const providers: ProviderState[] = [];
  for (const { name } of listSupportedBackends()) providers.push(await tryProvider(name, model));
  return { version: env.versions.node ?? env.versions.common, providers };
}

/** Makes a session on `provider` alone and lets it go again. Never throws. */
async function tryProvider(provider: string, model: Uint8Array): Promise<ProviderState> {
  try {
    const session = await InferenceSession.create(model, {
      executionProviders: [provider],
      logSeverityLevel: 4,
    });
    await session.release();
    return { name: provider, works: true, reason: '' };
  } catch (error) {
    return { name: provider, works: false, reason: lastSentence(error) };
  }
}

/** ONNX Runtime puts source files and functions in front of what went wrong. */
function lastSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.trim().split('\n')[0] ?? '';
  return line.replace(/^.*was false\. /, '');
}
