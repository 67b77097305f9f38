import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the parts of this installation lie. */

/** The folder that holds package.json and resources/, whichever of src/ and out/ is running. */
export function installationFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'resources', 'models'))) return folder;
    if (folder === dirname(folder))
      throw new Error('The installation has no resources/models. Install it again.');
  }
}

export function modelsFolder(): string {
  return join(installationFolder(), 'resources', 'models');
}

/** Frames on their way between codec and network, and metadata on its way to the result. */
export function scratchFolder(): string {
  return join(tmpdir(), 'enlarger');
}
