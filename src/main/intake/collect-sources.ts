import { constants, type Stats } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { asEnlargerError, EnlargerError } from '../../shared/errors.ts';
import { INPUT_EXTENSIONS } from '../../shared/formats.ts';
import { refusalOf, refusedByExtension } from '../../shared/refused-formats.ts';

export interface Source {
  /** Absolute path. */
  path: string;
  /** Folder below the output folder in which the result goes: where the source lies below what was given. */
  folder: string;
  /** Device and inode, which say whether two paths are one file. */
  identity: string;
}

export interface Intake {
  sources: Source[];
  problems: EnlargerError[];
}

/** A file, or a folder to look into. */
export interface IntakeInput {
  path: string;
  /** Folder below the output folder in which a file's result goes, where that is known: the output folder itself else. */
  folder?: string | undefined;
}

export interface IntakeOptions {
  /** Whether to enter the folders in a given folder. */
  recursive: boolean;
  /** Absolute path of the output folder; it is never read from. */
  out: string;
}

/**
 * Finds the pictures that `inputs` (files and folders) stand for, in name order, each file once however
 * often it is reached. What cannot be read becomes a problem that names it; the rest goes on. Files in a folder
 * that are no pictures are left out without a word; pictures of kinds that are not read are problems.
 *
 * Symbolic links are followed wherever they lead, out of the given folder too: who put one there wants what is
 * behind it.
 */
export async function collectSources(
  inputs: readonly (string | IntakeInput)[],
  options: IntakeOptions,
): Promise<Intake> {
  const walk = new Walk(options);
  const out = await real(options.out);
  // One input is mirrored as the output folder itself; several stand side by side in it, under their names.
  const nameOf = inputs.length > 1 ? basename : () => '';
  for (const input of inputs) {
    const given = typeof input === 'string' ? { path: input } : input;
    const path = resolve(given.path);
    const found = await look(path);
    if (found instanceof EnlargerError) walk.problems.push(found);
    else if (isWithin(await real(path), out)) walk.problems.push(insideOutput(path, options.out));
    else if (found.isDirectory()) await walk.enter(path, nameOf(path), out);
    else if (found.isFile()) await walk.add(path, given.folder ?? '', found);
    else walk.problems.push(notAFile(path));
  }
  return { sources: walk.sources, problems: walk.problems };
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

class Walk {
  readonly sources: Source[] = [];
  readonly problems: EnlargerError[] = [];
  readonly #options: IntakeOptions;
  readonly #seen = new Set<string>();

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async add(path: string, folder: string, { dev, ino }: Stats): Promise<void> {
    const identity = `${dev}:${ino}`;
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
    try {
      // A decoder that may not read a file takes it for something else than a picture.
      await access(path, constants.R_OK);
      this.sources.push({ path, folder, identity });
    } catch (error) {
      this.problems.push(unreadable(path, error));
    }
  }

  async enter(path: string, folder: string, out: string): Promise<void> {
    const found = await look(path);
    if (found instanceof EnlargerError) {
      this.problems.push(found);
      return;
    }
    // A folder is entered once, so that symbolic links that lead upwards end the walk and not the memory.
    const identity = `folder ${found.dev}:${found.ino}`;
    if (this.#seen.has(identity) || isWithin(await real(path), out)) return;
    this.#seen.add(identity);
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      this.problems.push(unreadable(path, error));
      return [];
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      const target = entry.isSymbolicLink() ? await look(inner) : entry;
      if (target instanceof EnlargerError) this.problems.push(target);
      else if (target.isDirectory()) {
        if (this.#options.recursive) await this.enter(inner, join(folder, entry.name), out);
      } else if (target.isFile() && !isHidden(entry.name)) {
        const extension = extname(entry.name).slice(1).toLowerCase();
        const refused = refusedByExtension(extension);
        // Whoever drops a folder of raw files shall not be told that there were no pictures in it.
        if (refused) this.problems.push(refusalOf(inner, refused));
        if (!INPUT_EXTENSIONS.has(extension)) continue;
        if (entry.isSymbolicLink() && isWithin(await real(inner), out)) continue;
        const file = await look(inner);
        if (file instanceof EnlargerError) this.problems.push(file);
        else await this.add(inner, folder, file);
      }
    }
  }
}

/** Where symbolic links lead; `path` itself where that cannot be told. */
const real = (path: string) => realpath(path).catch(() => path);

/** Hidden files are left out: folders copied from other systems hold a `._photo.jpg` beside each photo. */
const isHidden = (name: string) => name.startsWith('.');

async function look(path: string): Promise<Stats | EnlargerError> {
  try {
    return await stat(path);
  } catch (error) {
    return unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): EnlargerError {
  const { code } = error as NodeJS.ErrnoException;
  const details = { file: path, cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new EnlargerError('not-found', `${path}: there is no such file or folder.`, details);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new EnlargerError(
      'permission-denied',
      `${path}: may not be read. Check its permissions.`,
      details,
    );
  }
  if (code === 'ELOOP') {
    return new EnlargerError('not-found', `${path}: a symbolic link that leads to itself.`, details);
  }
  if (code === 'ENAMETOOLONG') {
    return new EnlargerError('not-found', `${path}: a name longer than this file system has.`, details);
  }
  return asEnlargerError(error, 'not-found', details);
}

/** Reading a pipe or a device could wait for ever. */
function notAFile(path: string): EnlargerError {
  return new EnlargerError('unsupported-format', `${path}: neither a file nor a folder.`, { file: path });
}

function insideOutput(path: string, out: string): EnlargerError {
  const where = relative(dirname(out), out);
  return new EnlargerError(
    'bad-argument',
    `${path}: lies inside the output folder '${where}'. Choose another --out, so that sources and results ` +
      'stay apart.',
    { file: path },
  );
}
