import { EnlargerError } from '../../src/shared/errors.ts';
import { serveThread, type ThreadService } from '../../src/threads/thread-rpc.ts';

const service = {
  echo: async (input: unknown) => input,
  /** Never answers. */
  wait: () => new Promise<never>(() => {}),
  fill: async ({ buffer, value }: { buffer: SharedArrayBuffer; value: number }) => {
    new Uint8Array(buffer).fill(value);
  },
  fail: async ({ file }: { file: string }) => {
    throw new EnlargerError('decode-failed', `${file}: cannot be read.`, { file });
  },
  crash: async () => {
    throw new RangeError('a mistake in the program');
  },
  /** Throws where nobody can catch it. */
  die: async () => {
    setImmediate(() => {
      throw new Error('beyond help');
    });
    return new Promise<never>(() => {});
  },
  leave: async () => process.exit(),
} satisfies ThreadService;

export type TestService = typeof service;

serveThread(service);
