import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Input, Out } from '../../shared/contract/input.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { RootFolder } from './root-folder.ts';
import type { UploadStore } from './upload-store.ts';

/** What a shell's page may name, and what it stands for. */
export interface Places {
  /** The folder that can be browsed; absent where none is. */
  readonly root: RootFolder | undefined;
  readonly uploads: UploadStore | undefined;
  /** Absolute path of what is to be enlarged. Throws for what the page may not reach. */
  input(input: Input): Promise<string>;
  /** Absolute path of the folder for results; `kept`: it is Enlarger's own. */
  out(out: Out): Promise<{ path: string; kept: boolean }>;
  /** Whether a picture that was found below an input may be read: a link may have led to it. */
  allows(source: string): Promise<boolean>;
  /** Whether a folder for results is Enlarger's own, to be removed with its batch. */
  owns(out: string): boolean;
}

interface WebPlaces {
  root: RootFolder | undefined;
  uploads: UploadStore;
  /** Folder for results that are downloaded. */
  results: string;
}

/** Where results lie that are downloaded: a folder each batch. */
export function resultsFolder(state: string): string {
  return join(state, 'results');
}

/** What a browser may reach: uploads, and what lies below the root. */
export function webPlaces({ root, uploads, results }: WebPlaces): Places {
  const expectRoot = () => {
    if (root) return root;
    throw new EnlargerError('not-found', "No folder is open. Start Enlarger with 'serve --root <folder>'.");
  };
  return {
    root,
    uploads,
    input: async (input) => {
      if (input.kind === 'upload') return uploads.path(input.id);
      if (input.kind === 'path') return expectRoot().resolve(input.path);
      throw foreign(input.kind);
    },
    out: async (out) => {
      if (out.kind === 'kept') return { path: join(results, randomUUID()), kept: true };
      if (out.kind === 'path') return { path: await expectRoot().resolveNew(out.path), kept: false };
      throw foreign(out.kind);
    },
    allows: async (source) => uploads.holds(source) || (root !== undefined && (await root.holds(source))),
    owns: (out) => dirname(out) === results,
  };
}

function foreign(kind: string): EnlargerError {
  return new EnlargerError('bad-argument', `'${kind}' means nothing in this shell.`);
}
