import { z } from 'zod';
import type { Offered, Out } from '../../shared/contract/input.ts';
import type { Capabilities } from '../../shared/contract/shell.ts';

/** Where results went last, in words that outlive a run of main. */
const rememberedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('kept') }),
  /** A folder below the root of that time, relative to it. */
  z.object({ kind: z.literal('below'), root: z.string(), path: z.string() }),
  /** A folder by its absolute path. */
  z.object({ kind: z.literal('folder'), path: z.string() }),
]);

export type RememberedOut = z.infer<typeof rememberedSchema>;

const KEY = 'enlarger.out';

export function readOut(): RememberedOut | undefined {
  try {
    return rememberedSchema.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null')).data;
  } catch {
    return undefined;
  }
}

export function writeOut(out: RememberedOut): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(out));
  } catch {
    // A browser that keeps nothing asks again the next time.
  }
}

/** What was remembered, where it is still good: under the same root, or among the folders that main remembers. */
export function restoredOut(
  remembered: RememberedOut | undefined,
  { root }: Pick<Capabilities, 'root'>,
  recent: readonly Offered[],
): Out | undefined {
  switch (remembered?.kind) {
    case 'below':
      return remembered.root === root ? { kind: 'path', path: remembered.path } : undefined;
    case 'folder': {
      const folder = recent.find(({ path, kind }) => kind === 'folder' && path === remembered.path);
      return folder?.input.kind === 'token' ? folder.input : undefined;
    }
    default:
      return undefined;
  }
}
