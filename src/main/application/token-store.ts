import { randomBytes } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Offered } from '../../shared/contract/input.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { isWithin } from '../intake/collect-sources.ts';

interface Named {
  token: string;
  /** Absolute. */
  path: string;
  /** The same with links followed, as they led when it was handed over. */
  real: string;
  kind: Offered['kind'];
}

const TOKEN_BYTES = 18;

/**
 * What a user has handed to a page: dropped, picked in a dialog, or named when Enlarger was started. The page gets
 * tokens that mean something in this run only, and reaches nothing else by them.
 */
export class TokenStore {
  readonly #byToken = new Map<string, Named>();
  readonly #byPath = new Map<string, Named>();
  readonly #realFiles = new Set<string>();
  readonly #realFolders = new Set<string>();

  /** Makes a token of a file or folder; the same for the same path. Throws `not-found` if nothing is there. */
  async offer(path: string): Promise<Offered> {
    const absolute = resolve(path);
    const named = await look(absolute);
    const token = this.#byPath.get(absolute)?.token ?? randomBytes(TOKEN_BYTES).toString('base64url');
    const known = { ...named, token };
    this.#byToken.set(token, known);
    this.#byPath.set(absolute, known);
    (named.kind === 'folder' ? this.#realFolders : this.#realFiles).add(named.real);
    const name = basename(absolute) || absolute;
    return { input: { kind: 'token', token }, name, path: absolute, kind: named.kind };
  }

  /** The absolute path that a token stands for. Throws `not-found` for one of an earlier run. */
  path(token: string): string {
    return this.#expect(token).path;
  }

  /** As `path`, for a token that results are to be put into. Throws `bad-argument` for a file's. */
  folder(token: string): string {
    const { path, kind } = this.#expect(token);
    if (kind === 'folder') return path;
    throw new EnlargerError('bad-argument', `${path}: is not a folder. Choose a folder for the results.`, {
      file: path,
    });
  }

  /** Whether a file was handed over, itself or in a folder that it really lies in: a link may have led to it. */
  async holds(path: string): Promise<boolean> {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined) return false;
    return this.#realFiles.has(real) || this.#realFolders.values().some((folder) => isWithin(real, folder));
  }

  #expect(token: string): Named {
    const named = this.#byToken.get(token);
    if (named) return named;
    throw new EnlargerError(
      'not-found',
      'This was chosen before Enlarger was started again, and is not known any more. Add it again.',
    );
  }
}

async function look(path: string): Promise<Omit<Named, 'token'>> {
  try {
    const [real, stats] = await Promise.all([realpath(path), stat(path)]);
    return { path, real, kind: stats.isDirectory() ? 'folder' : 'picture' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const details = { file: path, cause: error };
    if (code === 'EACCES' || code === 'EPERM') {
      throw new EnlargerError(
        'permission-denied',
        `${path}: may not be read. Check its permissions.`,
        details,
      );
    }
    throw new EnlargerError('not-found', `${path}: there is no such file or folder.`, details);
  }
}
