import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isModelFile } from '../../shared/contract/models.ts';
import type { Folder } from '../../shared/contract/shell.ts';
import { EnlargerError } from '../../shared/errors.ts';
import { INPUT_EXTENSIONS } from '../../shared/formats.ts';
import { isWithin } from '../intake/collect-sources.ts';

/** Entries of a folder that are listed at most. */
const MOST_ENTRIES = 5000;

/** What is listed, in this order. */
const KINDS = ['folder', 'picture', 'model'] as const;

/** The one folder of a machine that a page may look into. Nothing outside it is reached, by links neither. */
export class RootFolder {
  /** Absolute, and without links. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Throws `not-found` if there is no such folder. */
  static async open(path: string): Promise<RootFolder> {
    const real = await realpath(path).catch(() => undefined);
    if (real && (await stat(real)).isDirectory()) return new RootFolder(real);
    throw new EnlargerError('not-found', `--root: ${path}: there is no such folder.`, { file: path });
  }

  /**
   * The absolute path of what stands at `path`, which is relative to the root with `/`, or absolute. Throws
   * `permission-denied` for what lies outside, be it by `..` or by a link, `not-found` for what is not there.
   */
  async resolve(path: string): Promise<string> {
    const absolute = this.#below(path);
    const real = await realpath(absolute).catch(() => undefined);
    if (real === undefined) throw missing(absolute);
    if (!isWithin(real, this.path)) throw outside(path);
    return absolute;
  }

  /** As `resolve`, for a folder that need not be there yet: as much of it as is must lie inside. */
  async resolveNew(path: string): Promise<string> {
    const absolute = this.#below(path);
    for (let present = absolute; ; present = dirname(present)) {
      const real = await realpath(present).catch(() => undefined);
      if (real === undefined && present !== dirname(present)) continue;
      if (real === undefined || !isWithin(real, this.path)) throw outside(path);
      return absolute;
    }
  }

  /** Whether what stands at an absolute path lies inside, links followed. */
  async holds(path: string): Promise<boolean> {
    const real = await realpath(path).catch(() => undefined);
    return real !== undefined && isWithin(real, this.path);
  }

  /** The folders, pictures and ONNX files in a folder; hidden ones and links that lead outside are left out. */
  async list(path: string): Promise<Folder> {
    const folder = await this.resolve(path);
    const found = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw unlistable(folder, error);
    });
    const shown = found.filter(({ name }) => !name.startsWith('.')).sort(byName);
    const entries = await Promise.all(
      shown.slice(0, MOST_ENTRIES).map((entry) => this.#entry(folder, entry)),
    );
    const listed = entries.filter((entry) => entry !== undefined);
    const here = this.#relative(folder);
    return {
      path: here,
      parent: here === '' ? null : this.#relative(dirname(folder)),
      entries: KINDS.flatMap((each) => listed.filter(({ kind }) => kind === each)),
      left: Math.max(0, shown.length - MOST_ENTRIES),
    };
  }

  async #entry(folder: string, { name }: Dirent): Promise<Folder['entries'][number] | undefined> {
    const absolute = join(folder, name);
    const stats = await stat(absolute).catch(() => undefined);
    if (!stats || !(await this.holds(absolute))) return undefined;
    const path = this.#relative(absolute);
    if (stats.isDirectory()) return { kind: 'folder', name, path };
    const kind = stats.isFile() ? kindOf(name) : undefined;
    return kind && { kind, name, path, bytes: stats.size };
  }

  #below(path: string): string {
    if (path.includes('\0')) throw outside(path);
    const absolute = isAbsolute(path) ? resolve(path) : resolve(this.path, path);
    if (!isWithin(absolute, this.path)) throw outside(path);
    return absolute;
  }

  #relative(absolute: string): string {
    return relative(this.path, absolute).split(sep).join('/');
  }
}

function kindOf(name: string): 'picture' | 'model' | undefined {
  if (isModelFile(name)) return 'model';
  return INPUT_EXTENSIONS.has(extname(name).slice(1).toLowerCase()) ? 'picture' : undefined;
}

const byName = (a: Dirent, b: Dirent) => (a.name < b.name ? -1 : 1);

function outside(path: string): EnlargerError {
  const advice = 'Choose something inside it, or start Enlarger with another --root.';
  return new EnlargerError(
    'permission-denied',
    `${path}: lies outside the folder that was opened. ${advice}`,
    {
      file: path,
    },
  );
}

function missing(path: string): EnlargerError {
  return new EnlargerError('not-found', `${path}: there is no such file or folder.`, { file: path });
}

function unlistable(path: string, error: unknown): EnlargerError {
  const { code } = error as NodeJS.ErrnoException;
  const details = { file: path, cause: error };
  if (code === 'ENOTDIR') {
    return new EnlargerError('bad-argument', `${basename(path)}: is not a folder.`, details);
  }
  return new EnlargerError('permission-denied', `${path}: cannot be listed. Check its permissions.`, details);
}
