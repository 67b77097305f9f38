import { existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EnlargerError } from '../shared/errors.ts';

/** Where the parts of this installation lie. */

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

/**
 * Frames on their way between codec and network, and metadata on its way to the result. Each user of the
 * machine has one: what one of them made, the others may not write to.
 */
export function scratchFolder(): string {
  return join(tmpdir(), `enlarger-${process.getuid?.() ?? 'user'}`);
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
