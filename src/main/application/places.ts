import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Input, Out } from '../../shared/contract/input.ts';
import { EnlargerError } from '../../shared/errors.ts';
import type { IntakeInput } from '../intake/collect-sources.ts';
import type { RootFolder } from './root-folder.ts';
import type { TokenStore } from './token-store.ts';
import type { UploadStore } from './upload-store.ts';

/** What a shell's page may name, and what it stands for. */
export interface Places {
  /** The folder that can be browsed; absent where none is. */
  readonly root: RootFolder | undefined;
  readonly uploads: UploadStore | undefined;
  /** What the user has handed over in this run. */
  readonly tokens: TokenStore;
  /** What is to be enlarged, its path absolute. Throws for what the page may not reach. */
  input(input: Input): Promise<IntakeInput>;
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
  tokens: TokenStore;
  /** Folder for results that are exported or downloaded later. */
  results: string;
}

/** Where results lie that are exported or downloaded later: a folder each batch. */
export function resultsFolder(state: string): string {
  return join(state, 'results');
}

/** What a browser may reach: uploads, what lies below the root, and what was named at the start. */
export function webPlaces({ root, uploads, tokens, results }: WebPlaces): Places {
  const expectRoot = () => {
    if (root) return root;
    throw new EnlargerError('not-found', "No folder is open. Start Enlarger with 'serve --root <folder>'.");
  };
  return {
    root,
    uploads,
    tokens,
    input: async (input) => {
      switch (input.kind) {
        case 'upload':
          return uploads.find(input.id);
        case 'path':
          return { path: await expectRoot().resolve(input.path) };
        case 'token':
          return { path: tokens.path(input.token) };
      }
    },
    out: async (out) => {
      switch (out.kind) {
        case 'kept':
          return keptIn(results);
        case 'path':
          return { path: await expectRoot().resolveNew(out.path), kept: false };
        case 'token':
          return { path: tokens.folder(out.token), kept: false };
      }
    },
    allows: async (source) =>
      uploads.holds(source) || (await root?.holds(source)) === true || tokens.holds(source),
    owns: (out) => dirname(out) === results,
  };
}

/** What the window may reach: what the user has handed over, and nothing else. */
export function desktopPlaces({ tokens, results }: Pick<WebPlaces, 'tokens' | 'results'>): Places {
  return {
    root: undefined,
    uploads: undefined,
    tokens,
    input: async (input) => {
      if (input.kind === 'token') return { path: tokens.path(input.token) };
      throw foreign(input.kind);
    },
    out: async (out) => {
      if (out.kind === 'kept') return keptIn(results);
      if (out.kind === 'token') return { path: tokens.folder(out.token), kept: false };
      throw foreign(out.kind);
    },
    allows: (source) => tokens.holds(source),
    owns: (out) => dirname(out) === results,
  };
}

const keptIn = (results: string) => ({ path: join(results, randomUUID()), kept: true });

function foreign(kind: string): EnlargerError {
  return new EnlargerError('bad-argument', `'${kind}' means nothing in this shell.`);
}
