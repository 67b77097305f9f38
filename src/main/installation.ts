import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnlargerError } from '../shared/errors.ts';

/** Where the parts of this installation lie. */

export interface ModelFolders {
  shipped: string;
  /** It need not be there. */
  added: string;
}

/** The folder that holds package.json and resources/, whichever of src/ and out/ is running. */
export function installationFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'resources', 'models'))) return folder;
    if (folder === dirname(folder)) {
      throw new EnlargerError(
        'not-found',
        'This installation has no resources/models. Install Enlarger again.',
      );
    }
  }
}

/**
 * The folder of models: resources/models, or the one that the environment variable ENLARGER_MODELS names
 * (to try models that are not installed, and to test).
 */
export function modelsFolder(): string {
  const named = process.env.ENLARGER_MODELS;
  return named ? resolve(named) : join(installationFolder(), 'resources', 'models');
}

/** Where models lie: those that ship, and those that users of `state` have added. */
export function modelFolders(state = stateFolder()): ModelFolders {
  return { shipped: modelsFolder(), added: join(state, 'models') };
}

/** What has arrived of models that are being downloaded. */
export function downloadsFolder(state = stateFolder()): string {
  return join(state, 'downloads');
}

/** The list of models that others offer for download. */
export function catalogueFile(): string {
  return join(installationFolder(), 'resources', 'models', 'catalogue.json');
}

/**
 * Frames on their way between codec and network, and metadata on its way to the result. Each user of the
 * machine has one: what one of them made, the others may not write to. Where the system keeps temporary files in memory,
 * it is elsewhere: frames too large for memory are what it is for.
 */
export function scratchFolder(): string {
  return join(diskFolder(tmpdir(), '/var/tmp'), `enlarger-${process.getuid?.() ?? 'user'}`);
}

/** Linux: the file system type of folders in memory. Source: statfs(2). */
const TMPFS = 0x01021994;

/** `usual`, or `other` if the usual one lies in memory and the other does not. */
export function diskFolder(usual: string, other: string): string {
  return process.platform === 'linux' && isInMemory(usual) && isInMemory(other) === false ? other : usual;
}

function isInMemory(folder: string): boolean | undefined {
  try {
    accessSync(folder, constants.W_OK);
    return statfsSync(folder).type === TMPFS;
  } catch {
    return undefined;
  }
}

/**
 * The folder of what Enlarger remembers between runs: the one that the environment variable ENLARGER_HOME names, or
 * where each system keeps such things (on Linux, the XDG Base Directory Specification).
 */
export function stateFolder(): string {
  const { ENLARGER_HOME, LOCALAPPDATA, XDG_STATE_HOME } = process.env;
  if (ENLARGER_HOME) return resolve(ENLARGER_HOME);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Enlarger');
  if (process.platform === 'win32') {
    return join(LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'Enlarger');
  }
  // The specification tells to ignore a relative path.
  const state =
    XDG_STATE_HOME && isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(homedir(), '.local', 'state');
  return join(state, 'enlarger');
}
